using System.Diagnostics;
using System.Runtime.Versioning;
using System.ServiceProcess;
using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Commands;

namespace WebVmMap.Agent.Service;

/// <summary>
/// Runs the agent under the Windows service manager. Without a generic host: that would double what the agent takes to do the
/// little that is here.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsService : ServiceBase
{
    private readonly Func<ILogger, CancellationToken, Task<int>> _run;
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;

    private WindowsService(Func<ILogger, CancellationToken, Task<int>> run)
    {
        _run = run;
        ServiceName = WindowsInstallation.ServiceName;
        AutoLog = false;
        CanShutdown = true;
    }

    /// <summary>Serves the service manager until it stops the service.</summary>
    /// <param name="run">What to run; it is given a log and ends when cancelled.</param>
    /// <returns>The exit code of the run.</returns>
    public static int Run(Func<ILogger, CancellationToken, Task<int>> run)
    {
        using var service = new WindowsService(run);
        Run(service);
        return service.ExitCode;
    }

    /// <inheritdoc/>
    protected override void OnStart(string[] args) => _running = Task.Run(ServeAsync);

    /// <inheritdoc/>
    protected override void OnStop() => End();

    /// <inheritdoc/>
    protected override void OnShutdown() => End();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
        base.Dispose(disposing);
    }

    private void End()
    {
        _stop.Cancel();
        _running?.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task ServeAsync()
    {
        try
        {
            ExitCode = await _run(new EventLogLogger(EventLog), _stop.Token);
        }
        catch (CommandException exception)
        {
            EventLog.WriteEntry(exception.Message, EventLogEntryType.Error);
            ExitCode = exception.ExitCode;
        }
        if (!_stop.IsCancellationRequested)
        {
            // It ended by itself; on another thread, since stopping waits for this one.
            _ = Task.Run(Stop);
        }
    }
}
