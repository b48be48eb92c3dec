using System.Diagnostics;

namespace WebVmMap.Benchmarks.SmapsCost;

/// <summary>A C program beside this one, compiled and running until this is disposed of; lines go in and out.</summary>
internal sealed class CompiledProgram : IDisposable
{
    private readonly Process _process;

    private CompiledProgram(Process process) => _process = process;

    public int Pid => _process.Id;

    public static CompiledProgram Start(string name, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo(Compile(name), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>Compiles one and leaves it to others to start it.</summary>
    /// <returns>Its path.</returns>
    public static string Compile(string name)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "c", name + ".c");
        var program = Path.Combine(AppContext.BaseDirectory, "c", name);
        using var compiler = Process.Start("gcc", (string[])["-O2", "-g", "-Wall", "-Wextra", "-o", program, source]);
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"gcc could not compile {source}.");
    }

    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return ReadLine();
    }

    public string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended early.");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
