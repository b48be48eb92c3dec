using System.Runtime.Versioning;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Windows;

/// <summary>What Windows on x64 tells about its processes.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsHostProbe : IHostProbe
{
    private readonly WindowsSystem _system = new();
    private readonly ProcessLister _lister = new(TimeProvider.System);

    /// <summary>Switches the debug privilege on where the account has it, and describes the machine.</summary>
    public WindowsHostProbe() => Host = MachineIdentity.Describe(_system, DebugPrivilege.TryEnable());

    /// <inheritdoc/>
    public HostDescription Host { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ProcessInfo> ListProcesses() => _lister.List();

    /// <inheritdoc/>
    public ProbeResult<IProcessProbe> Open(int pid, long? startStamp)
    {
        var result = WindowsProcess.Open(pid, startStamp, _system);
        if (!result.TryGet(out var process))
        {
            return result.Failure;
        }
        // The open handle holds the id, so this is the same process; it may have ended, though.
        if (_lister.Find(pid) is not { } info)
        {
            process.Dispose();
            return new ProbeFailure(ProbeOutcome.Gone, "The process has ended.");
        }
        return new WindowsProcessProbe(process, info, TimeProvider.System, ThreadTime);
    }

    private static TimeSpan ThreadTime() =>
        Interop.Kernel32.GetThreadTimes(Interop.Kernel32.GetCurrentThread(), out _, out _, out var kernel, out var user)
            ? TimeSpan.FromTicks(kernel + user)
            : TimeSpan.Zero;
}
