namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// When a thread gets a processor: one that is hurried does at once, before all that wait their turn. For the moments in which something stands
/// still; where the agent may not, all stays as it is. https://man7.org/linux/man-pages/man7/sched.7.html
/// </summary>
internal static unsafe class Scheduling
{
    /// <summary>The calling thread.</summary>
    public const int Own = 0;

    // Policies, and the numbers of the system calls.
    private const nint Other = 0;
    private const nint Fifo = 1;
    private const nint SetScheduler = 144;
    private const nint GetScheduler = 145;

    /// <summary>Whether a thread waits its turn as most do, and has no policy of its own.</summary>
    public static bool IsUsual(int thread) => Libc.SystemCall(GetScheduler, thread, 0, 0, 0) == Other;

    /// <summary>Hurries a thread.</summary>
    public static void Hurry(int thread) => Set(thread, Fifo, 1);

    /// <summary>Has it wait its turn again.</summary>
    public static void Calm(int thread) => Set(thread, Other, 0);

    private static void Set(int thread, nint policy, int priority) => _ = Libc.SystemCall(SetScheduler, thread, policy, (nint)(&priority), 0);
}
