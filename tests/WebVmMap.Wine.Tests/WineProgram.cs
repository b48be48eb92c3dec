using System.Diagnostics;

namespace WebVmMap.Wine.Tests;

/// <summary>A running Windows program. It ends with the test at the latest.</summary>
public sealed class WineProgram : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _errors;
    private readonly string _name;

    internal WineProgram(
        WinePrefix prefix, string program, IReadOnlyList<string> arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        _name = Path.GetFileName(program);
        _errors = Path.Combine(prefix.Folder, $"{_name}-{Guid.NewGuid():N}.err");
        // The shell becomes wine and wine becomes the program: its id here is the program's.
        var start = prefix.StartInfo("/bin/sh", ["-c", "errors=$1; shift; exec wine \"$@\" 2> \"$errors\"", "sh", _errors, program, .. arguments]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{_name} did not start.");
    }

    /// <summary>Its id on Linux.</summary>
    public int LinuxPid => _process.Id;

    /// <summary>What it has written to standard error.</summary>
    public string Errors => File.Exists(_errors) ? File.ReadAllText(_errors) : "";

    /// <summary>Its next line of output.</summary>
    public async Task<string> ReadLineAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        return await _process.StandardOutput.ReadLineAsync(limit.Token)
            ?? throw new InvalidOperationException($"{_name} ended its output. Errors: {Errors}");
    }

    /// <summary>Waits for a line of its errors; they are in a file, which only tells when it is looked at.</summary>
    /// <returns>The whole line.</returns>
    public async Task<string> WaitForErrorAsync(string part)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        while (true)
        {
            if (Errors.Split('\n').FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }
            try
            {
                await Task.Delay(100, limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{_name} never wrote \"{part}\", but: {Errors}");
            }
        }
    }

    /// <summary>Sends it a line.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Ends its input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once; what it started goes on, and may still be read and written to.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit(s_limit);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}
