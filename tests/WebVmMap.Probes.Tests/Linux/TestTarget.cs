using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>
/// A small C program of <c>tests/TestTargets/linux</c>, compiled on first use, running until this is disposed of. It prints
/// what is true of it, then "ready" and sleeps, or "running" and goes on.
/// </summary>
internal sealed class TestTarget : IDisposable
{
    private readonly Process _process;

    private TestTarget(Process process, IReadOnlyList<string[]> facts)
    {
        _process = process;
        Facts = facts;
    }

    public int Pid => _process.Id;

    /// <summary>The lines it printed, in words.</summary>
    public IReadOnlyList<string[]> Facts { get; }

    public static TestTarget Start(string program, params string[] arguments) => Start(Executable(program), arguments, null);

    /// <summary>Runs it with its libraries built in: none of them is to be seen in its memory.</summary>
    public static TestTarget StartStatic(string program, params string[] arguments) => Start(Executable(program, "-static"), arguments, null);

    /// <summary>Runs it as another user; needs root.</summary>
    public static TestTarget StartAs(uint uid, string program) =>
        Start("setpriv", [$"--reuid={uid}", $"--regid={uid}", "--clear-groups", Executable(program)], null);

    public static TestTarget StartWith(string variable, string value, string program, params string[] arguments) =>
        Start(Executable(program), arguments, (variable, value));

    /// <summary>Gives it a line to act on, and waits until it waits for the next.</summary>
    /// <returns>The line that it answers, in words.</returns>
    public string[] Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended at \"{line}\".");
        Assert.True(SpinWait.SpinUntil(() => WaitsForInput(_process.Id), TimeSpan.FromSeconds(30)), "It never waits for its next input.");
        return answer.Split(' ');
    }

    /// <summary>Closes its input, upon which it ends by itself, and waits until it has.</summary>
    public void End()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill();
            throw new InvalidOperationException($"{_process.StartInfo.FileName} did not end when its input did.");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    /// <summary>Compiles it once for all runs: the file's name holds a hash of what it is made of.</summary>
    public static string Executable(string program, string option = "-O1")
    {
        var folder = Path.Combine(Repository.Root, "tests", "TestTargets", "linux");
        var source = Path.Combine(folder, program + ".c");
        var hash = Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(File.ReadAllText(source) + File.ReadAllText(Path.Combine(folder, "target.h")) + option)))[..16];
        var output = Path.Combine(Path.GetTempPath(), "webvmmap-test-targets", $"{program}-{hash}");
        if (File.Exists(output))
        {
            return output;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        var temporary = $"{output}-{Environment.ProcessId}-{Guid.NewGuid():n}";
        using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-Wall", "-Wextra", "-Werror", "-O1", option, "-pthread", "-o", temporary, source])
        {
            RedirectStandardError = true,
        })!;
        var messages = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, messages);
        File.Move(temporary, output, overwrite: true);
        return output;
    }

    private static TestTarget Start(string path, IEnumerable<string> arguments, (string Name, string Value)? variable)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (variable is { } set)
        {
            start.Environment[set.Name] = set.Value;
        }
        var process = Process.Start(start)!;
        var facts = new List<string[]>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line is "ready" or "running")
            {
                // Between these words and its sleep a page more may come in: only then does it stay as it is.
                Assert.True(line == "running" || SpinWait.SpinUntil(() => WaitsForInput(process.Id), TimeSpan.FromSeconds(30)), $"{path} never waits for input.");
                return new TestTarget(process, facts);
            }
            facts.Add(line.Split(' '));
        }
        process.WaitForExit();
        throw new InvalidOperationException($"{path} ended with {process.ExitCode} before it was ready.");
    }

    /// <summary>Its first thread sleeps in read(0, ...).</summary>
    private static bool WaitsForInput(int pid) => File.ReadAllText($"/proc/{pid}/syscall").StartsWith("0 0x0 ", StringComparison.Ordinal);
}
