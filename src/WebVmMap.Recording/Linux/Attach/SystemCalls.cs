namespace WebVmMap.Recording.Linux.Attach;

/// <summary>System calls by what they say of a thread that is in them. Numbers: linux/arch/x86/entry/syscalls/syscall_64.tbl.</summary>
internal static class SystemCalls
{
    private const int Futex = 202;

    // The operation that waiting for a condition, a thread's end or a semaphore comes to; that of a lock is FUTEX_WAIT, and whoever waits for one may be inside the allocator.
    private const int WaitBitset = 9;
    private const int OperationMask = 0x7f;

    // read, poll, select, pause, nanosleep, accept, recvfrom, recvmsg, wait4, rt_sigtimedwait, rt_sigsuspend, clock_nanosleep, epoll_wait, waitid, pselect6, ppoll,
    // epoll_pwait, accept4, recvmmsg, epoll_pwait2
    private static readonly HashSet<int> s_waits = [0, 7, 23, 34, 35, 43, 45, 47, 61, 128, 130, 230, 232, 247, 270, 271, 281, 288, 299, 441];

    // write, readv, writev, sendto, sendmsg, semop, io_getevents, semtimedop, io_pgetevents, io_uring_enter
    private static readonly HashSet<int> s_others = [1, 19, 20, 44, 46, 65, 208, 220, 333, 426];

    /// <summary>Whether it waits for something outside the process, or for another thread's word, so that its thread holds no lock of the C library's meanwhile.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="second">Its second argument.</param>
    public static bool IsWait(long number, ulong second) => number == Futex ? ((int)second & OperationMask) == WaitBitset : s_waits.Contains((int)number);

    /// <summary>
    /// Whether it may be made again when a stop ended it with EINTR, which the kernel does not do of itself: nothing was done yet, and a
    /// signal that comes until it is made again is one that came before it was made. https://man7.org/linux/man-pages/man7/signal.7.html
    /// </summary>
    public static bool MayBeMadeAgain(long number) => s_waits.Contains((int)number) || s_others.Contains((int)number);
}
