using System.Diagnostics;
using System.Globalization;
using WebVmMap.Core.Processes;

namespace WebVmMap.Testing;

/// <summary>A program that runs, waits, and does what it is told, a line at a time.</summary>
internal sealed class ToldProgram : IDisposable
{
    private ToldProgram(Process shell, int id)
    {
        Shell = shell;
        Id = id;
    }

    /// <summary>What started it and waits for it: a program's own children cannot be attached to.</summary>
    public Process Shell { get; }

    public int Id { get; }

    public ProcessKey Key => new(Id, 0);

    public static ToldProgram Start(params string[] command)
    {
        var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "exec 3<&0; sh -c 'echo $$; exec \"$@\"' sh \"$@\" <&3 & exec 3<&-; wait $!", "sh", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var program = new ToldProgram(shell, int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
        // Until then it is the shell.
        Assert.Equal("done", shell.StandardOutput.ReadLine());
        return program;
    }

    /// <summary>Has it do something.</summary>
    /// <returns>What it said until it was done.</returns>
    public async Task<List<string>> DoAsync(string what)
    {
        await TellAsync(what);
        var said = new List<string>();
        while (await Shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line == "done")
            {
                return said;
            }
            said.Add(line);
        }
        throw new InvalidOperationException("It ended before it was done.");
    }

    public async Task TellAsync(string what)
    {
        await Shell.StandardInput.WriteLineAsync(what);
        await Shell.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets it end by itself, which it does in order when nothing in it was harmed.</summary>
    public async Task<int> EndAsync()
    {
        Shell.StandardInput.Close();
        await Shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return Shell.ExitCode;
    }

    public void Dispose()
    {
        if (!Shell.HasExited)
        {
            Shell.Kill(entireProcessTree: true);
        }
        Shell.Dispose();
    }
}
