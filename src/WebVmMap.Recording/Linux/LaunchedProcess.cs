using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Recording.Linux;

/// <summary>A process that this program started, and may end. Thread-safe but for its disposal.</summary>
internal sealed class LaunchedProcess : IDisposable
{
    // Numbers of system calls, the same on every architecture: https://man7.org/linux/man-pages/man2/pidfd_open.2.html (Linux 5.3),
    // https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html (Linux 5.1).
    private const nint PidFdSendSignal = 424;
    public const nint PidFdOpen = 434;
    private const int SIGTERM = 15;

    // A process that is killed ends when the kernel gets to it; one that waits in the kernel may take longer.
    private static readonly TimeSpan s_afterKill = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    // Names the process, not its number: no signal reaches a later process of that number. Invalid where the kernel has none.
    private readonly SafeFileHandle _descriptor;

    public LaunchedProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        _descriptor = new SafeFileHandle(Libc.SystemCall(PidFdOpen, process.Id, 0, 0, 0), ownsHandle: true);
    }

    public int Pid { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Asks it to end, and makes it when it has not ended in time. Returns when it has, or when even that did not help.</summary>
    public void End(TimeSpan patience)
    {
        if (HasExited)
        {
            return;
        }
        var isAsked = !_descriptor.IsInvalid && Libc.SystemCall(PidFdSendSignal, _descriptor.DangerousGetHandle(), SIGTERM, 0, 0) == 0;
        if (!isAsked || !_process.WaitForExit(patience))
        {
            _process.Kill();
            _process.WaitForExit(s_afterKill);
        }
    }

    public void Dispose()
    {
        _descriptor.Dispose();
        _process.Dispose();
    }
}
