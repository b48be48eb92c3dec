using System.Globalization;
using System.Text.RegularExpressions;

namespace WebVmMap.EndToEnd.Truth;

/// <summary>One mapping as <c>/proc/PID/smaps</c> tells it, read here anew: nothing is shared with the agent. Sizes in bytes.</summary>
/// <remarks><see href="https://docs.kernel.org/filesystems/proc.html"/>.</remarks>
public sealed partial record SmapsRecord(ulong Start, ulong End, string Access, ulong Inode, string Name, IReadOnlyDictionary<string, long> Fields, IReadOnlyList<string> Flags)
{
    public long Size => (long)(End - Start);

    public bool IsShared => Access[3] == 's';

    public long PrivateWs => Fields["Anonymous"] + (IsShared ? 0 : Huge);

    public long TotalWs => Fields["Rss"] + Huge;

    public long SharedWs => Math.Min(Fields["Shared_Clean"] + Fields["Shared_Dirty"] + (IsShared ? Fields["Shared_Hugetlb"] : 0), TotalWs - PrivateWs);

    /// <summary>What the kernel charges to the process: all of an accounted mapping, else what was written.</summary>
    public long Private => IsShared ? 0 : Flags.Contains("ac") ? Size : PrivateWs + Fields["Swap"];

    /// <summary>Charged or backed by a file: all of it. A reserve: what is there.</summary>
    public long Committed => IsShared || Flags.Contains("ac") || Inode != 0 || Name is "[vdso]" or "[vvar]" or "[vvar_vclock]" or "[vsyscall]" ? Size : Private;

    private long Huge => Fields["Private_Hugetlb"] + Fields["Shared_Hugetlb"];

    public static IReadOnlyList<SmapsRecord> Read(int pid)
    {
        var records = new List<SmapsRecord>();
        var fields = new Dictionary<string, long>();
        Match? head = null;
        foreach (var line in File.ReadLines($"/proc/{pid}/smaps"))
        {
            if (Head().Match(line) is { Success: true } next)
            {
                (head, fields) = (next, []);
            }
            else if (line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                records.Add(new(
                    Hex(head!, 1), Hex(head!, 2), head!.Groups[3].Value, ulong.Parse(head.Groups[4].Value, CultureInfo.InvariantCulture),
                    head.Groups[5].Value, fields, line["VmFlags:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            }
            else if (line.EndsWith(" kB", StringComparison.Ordinal))
            {
                var words = line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries);
                fields[words[0]] = long.Parse(words[1], CultureInfo.InvariantCulture) << 10;
            }
        }
        return records;
    }

    /// <summary>The mappings of a library: those of its file, and what the loader put right behind them for its zeroed data.</summary>
    public static IReadOnlyList<SmapsRecord> OfFile(IReadOnlyList<SmapsRecord> records, string fileName)
    {
        var own = records.Where(r => r.Name.EndsWith("/" + fileName, StringComparison.Ordinal)).ToList();
        return [.. own, .. records.Where(r => r.Name.Length == 0 && r.Start == own[^1].End)];
    }

    /// <summary>The fields of <c>status</c> or <c>smaps_rollup</c> that are in kB, in bytes.</summary>
    public static IReadOnlyDictionary<string, long> ReadFields(int pid, string file) => File.ReadLines($"/proc/{pid}/{file}")
        .Select(line => line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words is [_, _, "kB"])
        .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture) << 10);

    private static ulong Hex(Match match, int group) => ulong.Parse(match.Groups[group].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) [0-9a-f]+ \S+ (\d+) *(.*)$")]
    private static partial Regex Head();
}
