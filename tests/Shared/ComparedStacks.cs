using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using WebVmMap.Recording;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Testing;

/// <summary>
/// A program recorded by a tracer that asks libunwind for each stack as well (tests/TestTargets/recorded/compared-stacks.c), and how often
/// the two say the same. Counts are of events, so that a stack that is taken often counts as often.
/// </summary>
/// <param name="Compared">Events whose stack both were asked for.</param>
/// <param name="Equal">Those of which each return address is the same, to the outermost or the 128th.</param>
/// <param name="Shorter">Those of which the tracer's is the beginning of libunwind's.</param>
/// <param name="Longer">Those of which libunwind's is the beginning of the tracer's.</param>
/// <param name="Other">Those that differ in between.</param>
/// <param name="Untold">Events not compared, for their stack had no room in the ring.</param>
/// <param name="Frames">Frames of all that were compared.</param>
/// <param name="Text">The first differences in words.</param>
internal sealed record ComparedStacks(long Compared, long Equal, long Shorter, long Longer, long Other, long Untold, long Frames, string Text)
{
    private const int ReportBytes = 1 << 20;
    private const int TextAt = 4096;
    private static readonly string s_native = Path.Combine(Repository.Root, "src", "native", "tracer");
    private static readonly Lazy<string> s_tracer = new(Compile);

    /// <summary>The share that is equal, from 0 to 1.</summary>
    public double EqualShare => Compared == 0 ? 0 : (double)Equal / Compared;

    /// <summary>Records a program to its end.</summary>
    public static async Task<ComparedStacks> RunAsync(IEnumerable<string> command, CancellationToken cancellation, params (string Name, string Value)[] environment)
    {
        var report = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(report, new byte[ReportBytes], cancellation);
            var request = new LaunchRequest
            {
                Command = [.. command],
                Environment = environment.Append(("WEBVMMAP_COMPARED", report)).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2),
            };
            // Whatever else this machine does meanwhile: nothing may be dropped.
            await using var recording = new LinuxRecorder(new RecorderOptions { MaxWait = TimeSpan.FromMinutes(1) }, s_tracer.Value).Launch(request);
            await foreach (var _ in recording.ReadAsync(cancellation))
            {
            }
            return Read(await File.ReadAllBytesAsync(report, cancellation));
        }
        finally
        {
            File.Delete(report);
        }
    }

    // struct report
    private static ComparedStacks Read(byte[] report)
    {
        long Word(int number) => BinaryPrimitives.ReadInt64LittleEndian(report.AsSpan(number * 8));
        var text = report.AsSpan(TextAt, (int)Math.Min(Word(8), ReportBytes - TextAt)).TrimEnd((byte)0);
        return new ComparedStacks(Word(0), Word(1), Word(2), Word(3), Word(4), Word(5), Word(6), Encoding.UTF8.GetString(text));
    }

    // As the product's is, but for what stands in place of its hooks.
    private static string Compile()
    {
        var to = Path.Combine(Directory.CreateTempSubdirectory("webvmmap-compared-").FullName, LinuxRecorder.TracerName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(to)!, recursive: true);
        var sources = Directory.EnumerateFiles(s_native, "*.c")
            .Where(file => !Path.GetFileName(file).StartsWith("windows_", StringComparison.Ordinal) && Path.GetFileName(file) != "linux_hooks.c")
            .Append(Path.Combine(Repository.Root, "tests", "TestTargets", "recorded", "compared-stacks.c"));
        using var compiler = Process.Start(new ProcessStartInfo("gcc",
        [
            .. "-std=gnu11 -O2 -flto -shared -fPIC -fvisibility=hidden -fno-omit-frame-pointer -ftls-model=initial-exec -Wall -Wextra -Werror -Wl,-z,now -Wl,-z,nodelete".Split(' '),
            $"-I{s_native}", "-o", to, .. sources, "-ldl", "-lpthread", "-lunwind",
        ])
        { RedirectStandardError = true })!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? to : throw new InvalidOperationException($"The tracer that compares could not be compiled: {errors}");
    }
}
