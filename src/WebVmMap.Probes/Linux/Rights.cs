using WebVmMap.Probes.Linux.ProcFs;

namespace WebVmMap.Probes.Linux;

/// <summary>
/// What this program may look at: its own user's processes, and with CAP_SYS_PTRACE everyone's.
/// https://man7.org/linux/man-pages/man2/ptrace.2.html, "Ptrace access mode checking".
/// </summary>
/// <param name="Uid">The user that this program acts as.</param>
/// <param name="Everyone">It has CAP_SYS_PTRACE.</param>
internal readonly record struct Rights(uint Uid, bool Everyone)
{
    /// <summary>How to get the missing right.</summary>
    public const string Remedy = "run the agent as root, or give it CAP_SYS_PTRACE (systemd: AmbientCapabilities=CAP_SYS_PTRACE; a file: setcap cap_sys_ptrace+ep)";

    private const int SysPtrace = 19;

    /// <summary>What the kernel says of the thread that asks (a thread may give up rights of its own).</summary>
    public static Rights Current()
    {
        Span<byte> text = stackalloc byte[8192];
        var length = ProcFile.Read("/proc/thread-self/status\0"u8, text, out _);
        var capabilities = ProcStatus.Parse(text[..length]).EffectiveCapabilities;
        return new Rights(Interop.Libc.GetEUid(), (capabilities >> SysPtrace & 1) != 0);
    }
}
