using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>A program of <c>tests/TestTargets/recorded</c>, compiled on first use, and where its functions lie, by nm.</summary>
internal sealed class RecordedProgram
{
    private static readonly ConcurrentDictionary<string, Lazy<RecordedProgram>> s_all = new(StringComparer.Ordinal);
    private static readonly Lazy<RecordedProgram> s_allocations = new(() => Compile("allocations.c", "gcc", "-rdynamic", "-lpthread", "-ldl"));

    private readonly List<(ulong Start, ulong End, string Name)> _functions = [];

    private RecordedProgram(string source, string path)
    {
        Source = source;
        Path = path;
        foreach (var line in Run("nm", "-S", "--defined-only", path).Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 4 && words[2] is "t" or "T")
            {
                var start = ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                _functions.Add((start, start + ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[3]));
            }
        }
    }

    /// <summary>The one that allocates in every way there is, scenario by scenario.</summary>
    public static RecordedProgram Allocations => s_allocations.Value;

    public string Source { get; }

    public string Path { get; }

    /// <summary>Compiles it once for all runs: the file's name holds a hash of what it is made of.</summary>
    public static RecordedProgram Compile(string source, string compiler, params string[] options)
    {
        var from = System.IO.Path.Combine(Repository.Root, "tests", "TestTargets", "recorded", source);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{File.ReadAllText(from)}{compiler}{string.Join(' ', options)}")))[..16];
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), "webvmmap-test-targets"));
        var to = System.IO.Path.Combine(folder.FullName, $"{System.IO.Path.GetFileNameWithoutExtension(source)}-{hash}");
        return s_all.GetOrAdd(to, _ => new(() => Make(compiler, options, from, to))).Value;
    }

    private static RecordedProgram Make(string compiler, string[] options, string from, string to)
    {
        if (!File.Exists(to))
        {
            var half = $"{to}.{Environment.ProcessId}.{Guid.NewGuid():n}";
            Run(compiler, ["-O2", "-g", "-o", half, from, .. options]);
            File.Move(half, to, overwrite: true);
        }
        return new RecordedProgram(from, to);
    }

    /// <summary>The function that a return address lies in; null outside any.</summary>
    public string? Function(ulong returnAddress) =>
        _functions.FirstOrDefault(f => returnAddress - 1 >= f.Start && returnAddress - 1 < f.End).Name;

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }
}
