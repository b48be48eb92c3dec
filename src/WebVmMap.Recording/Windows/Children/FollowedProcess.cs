using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Recording.Windows.Children;

/// <summary>A process that is recorded, as who follows what it starts sees it. Thread-safe but for its disposal.</summary>
/// <param name="pid">The process, which another handle keeps from being another one.</param>
/// <param name="requests">Where it asks; given back with this.</param>
/// <param name="recording">Its recording, when it is stopped with the family's.</param>
internal sealed class FollowedProcess(int pid, RequestTable requests, WindowsRecording? recording) : IDisposable
{
    private readonly SafeProcessHandle _handle = Kernel32.OpenProcess(Kernel32.SYNCHRONIZE | Kernel32.PROCESS_QUERY_LIMITED_INFORMATION, false, (uint)pid);
    private int _beingStarted;

    /// <summary>The process.</summary>
    public int Pid => pid;

    /// <summary>Whether it started another one: whose id was this one's before counts for nothing.</summary>
    public bool HasStarted(TargetProcess other) =>
        other.ParentPid() == pid && Kernel32.GetProcessTimes(_handle, out var created, out _, out _, out _) && other.StartStamp() >= created;

    /// <summary>Where it asks.</summary>
    public RequestTable Requests => requests;

    /// <summary>Its recording; null for that of the process that was launched.</summary>
    public WindowsRecording? Recording => recording;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _handle.IsInvalid || Kernel32.WaitForSingleObject(_handle, 0) == Kernel32.WAIT_OBJECT_0;

    /// <summary>How many requests of its are under way.</summary>
    public int BeingStarted => Volatile.Read(ref _beingStarted);

    /// <summary>One more.</summary>
    public void BeginStart() => Interlocked.Increment(ref _beingStarted);

    /// <summary>One less.</summary>
    public void EndStart() => Interlocked.Decrement(ref _beingStarted);

    /// <inheritdoc/>
    public void Dispose()
    {
        requests.Dispose();
        _handle.Dispose();
    }
}
