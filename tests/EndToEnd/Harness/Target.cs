using System.Diagnostics;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>A program to look at, of a test's own. It ends when its input closes, so it never outlives the tests.</summary>
public sealed class Target : IDisposable
{
    private readonly Process _process;

    private Target(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>An idle program: nothing in its memory changes.</summary>
    public static Target Idle()
    {
        var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        Idleness.AwaitRest(process.Id);
        return new(process);
    }

    /// <summary>The demonstration program, leaking some 480 KiB a second.</summary>
    public static Target Leaking() => new(Process.Start(new ProcessStartInfo(
        Path.Combine(Repository.Root, "src/WebVmMap.Demo/bin/Release/net10.0/webvmmap-demo"), ["--until-input-closes"])
    {
        RedirectStandardInput = true,
    })!);

    /// <summary>Ends the program and waits until it has.</summary>
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
}
