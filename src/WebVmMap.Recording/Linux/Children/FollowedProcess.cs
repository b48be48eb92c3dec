using Microsoft.Win32.SafeHandles;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Linux.Children;

/// <summary>Whether a process runs, and not a later one of its id. Thread-safe but for its disposal.</summary>
internal sealed class FollowedProcess : IDisposable
{
    // The number of the system call, the same on every architecture: https://man7.org/linux/man-pages/man2/pidfd_open.2.html (Linux 5.3).
    private const nint PidFdOpen = 434;

    private readonly SafeFileHandle _descriptor;
    private readonly int _pid;
    private volatile bool _hasExited;

    /// <summary>Looks for it; one that is not there any more has exited.</summary>
    public FollowedProcess(int pid)
    {
        _pid = pid;
        _descriptor = new SafeFileHandle(Libc.SystemCall(PidFdOpen, pid, 0, 0, 0), ownsHandle: true);
        _hasExited = _descriptor.IsInvalid;
    }

    /// <summary>Whether it has ended; a zombie has.</summary>
    public bool HasExited
    {
        get
        {
            if (!_hasExited)
            {
                var file = new Libc.PollFile { File = (int)_descriptor.DangerousGetHandle(), Wanted = Libc.POLLIN };
                _hasExited = Libc.Poll(ref file, 1, 0) > 0 && file.Happened != 0;
            }
            return _hasExited;
        }
    }

    /// <summary>Says when the process that is meant started: one that started at another time is another one, and that one has ended.</summary>
    public void Know(long started) => _hasExited |= ProcessStatus.StartStamp(_pid) != started;

    /// <inheritdoc/>
    public void Dispose()
    {
        _hasExited = true;
        _descriptor.Dispose();
    }
}
