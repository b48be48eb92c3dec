using System.Diagnostics;
using System.Globalization;

namespace WebVmMap.Symbols.Tests;

public sealed class DamagedFileTests : IDisposable
{
    private const long MostBytes = 2L << 30;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-g -O2", 1, 120)]
    [InlineData("-g -O2 -gdwarf-4", 2, 60)]
    [InlineData("-g -O2 -gz", 3, 60)]
    public void File_DamagedAtRandom_IsReadWithoutErrorInBoundedMemory(string options, int seed, int files)
    {
        var whole = SymbolsTarget.Compile("gcc", options.Split(' '));
        var offsets = CodeOffsets.Of(whole, 60);
        var bytes = File.ReadAllBytes(whole);
        var sections = Sections(whole);
        var random = new Random(seed);
        var path = _folder.At("/app/program");
        int named = 0, asked = 0;
        for (var i = 0; i < files; i++)
        {
            var damaged = Damage(bytes, sections, random);
            File.WriteAllBytes(path, damaged);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            using (var symbols = ModuleSymbols.Open("/app/program", _folder.Root))
            {
                foreach (var offset in offsets)
                {
                    asked++;
                    named += symbols.Find(offset).Length > 0 ? 1 : 0;
                }
            }
            Assert.True(watch.Elapsed < s_longest, $"File {i} of seed {seed} took {watch.Elapsed}.");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < MostBytes, $"File {i} of seed {seed} took {GC.GetAllocatedBytesForCurrentThread() - allocated:n0} bytes.");
        }
        // Most damage is small: a reader that gave up at once would name nothing.
        Assert.InRange(named, asked / 4, asked);
    }

    private static byte[] Damage(byte[] bytes, List<(int Offset, int Size)> sections, Random random)
    {
        var damaged = (byte[])bytes.Clone();
        for (var times = random.Next(1, 40); times > 0; times--)
        {
            var (offset, size) = sections[random.Next(sections.Count)];
            // Headers and what stands first decide the most.
            var at = offset + random.Next(random.Next(3) == 0 ? Math.Min(size, 64) : size);
            switch (random.Next(4))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[at] = 0xff;
                    break;
                case 2:
                    damaged.AsSpan(at, Math.Min(8, damaged.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0);
                    break;
                default:
                    var from = offset + random.Next(size);
                    var length = Math.Min(random.Next(1, 64), damaged.Length - Math.Max(at, from));
                    bytes.AsSpan(from, length).CopyTo(damaged.AsSpan(at));
                    break;
            }
        }
        return random.Next(10) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    /// <summary>What is read of the file: its headers, symbols and debug information.</summary>
    private static List<(int Offset, int Size)> Sections(string file)
    {
        var sections = new List<(int Offset, int Size)> { (0, 64) };
        foreach (var line in Tool.Run("readelf", ["-SW", file]))
        {
            // [29] .debug_info PROGBITS 0000000000000000 0130d8 08c5fd 00 0 0 1
            var words = line.Replace("[ ", "[", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 6 && (words[1].StartsWith(".debug", StringComparison.Ordinal) || words[1] is ".symtab" or ".strtab"))
            {
                sections.Add((Hex(words[4]), Hex(words[5])));
            }
        }
        // The section headers are at the end.
        sections.Add(((int)new FileInfo(file).Length - 2048, 2048));
        return sections;

        static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
