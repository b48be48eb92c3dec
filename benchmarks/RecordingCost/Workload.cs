using System.Diagnostics;

namespace WebVmMap.Benchmarks.RecordingCost;

/// <summary>A program to run, which ends by itself.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Input">The file that it reads.</param>
/// <param name="PrintsItsOwn">Whether it prints nanoseconds of the processor and of the clock for each of its pairs.</param>
internal sealed record Workload(string Name, string[] Command, string Input = "/dev/null", bool PrintsItsOwn = false)
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "work");

    /// <summary>Allocations and frees of one thread, or of two, and nothing else.</summary>
    public static Workload Pairs(int threads, int sizes = 64) => new(
        sizes == 64 ? $"pairs, {threads} thread{(threads == 1 ? "" : "s")}" : $"pairs, {threads} threads, {132 * sizes:N0} of size and stack",
        [Compile("pairs.c", "-fomit-frame-pointer", "-pthread"), $"{threads}", "2000000", $"{sizes}"], PrintsItsOwn: true);

    public static Workload Sqlite { get; } = new("sqlite3", ["sqlite3", ":memory:"], At("rows.sql"));

    public static Workload Python { get; } = new("python3, json, its own allocator off", ["/usr/bin/python3", At("rows.py")]);

    /// <summary>The compiler itself, which its driver starts as a child otherwise.</summary>
    public static Workload Clang()
    {
        var told = Output("clang++", "-O2", "-c", "-###", At("templates.cpp"), "-o", "/dev/null").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return new("clang++ -O2", [.. told.Split('"', StringSplitOptions.RemoveEmptyEntries).Where(word => !string.IsNullOrWhiteSpace(word))]);
    }

    /// <summary>Compiles a program of this benchmark.</summary>
    public static string Compile(string source, params string[] options)
    {
        var to = Path.Combine(s_folder, Path.GetFileNameWithoutExtension(source));
        Output("gcc", ["-O2", "-Wall", "-Wextra", "-o", to, At(source), .. options]);
        return to;
    }

    /// <summary>A script that a program runs.</summary>
    public static string Script(string program)
    {
        var script = $"{program}.script";
        File.WriteAllText(script, $"#!{program}\n");
        Output("chmod", "+x", script);
        return script;
    }

    private static string At(string file) => Path.Combine(s_folder, file);

    // What it says, on either of its streams.
    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var text = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program}: {text}");
    }
}
