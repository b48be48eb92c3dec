using System.Buffers.Text;

namespace WebVmMap.Probes.Linux.ProcFs;

/// <summary>What is wanted of <c>/proc/PID/stat</c>, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html</summary>
internal ref struct ProcStat
{
    private const uint KernelThreadFlag = 0x00200000;

    /// <summary>Name of the command, at most 15 bytes; may hold anything, blanks and parentheses too.</summary>
    public ReadOnlySpan<byte> Command;

    /// <summary>R, S, D, Z and so on.</summary>
    public byte State;

    /// <summary>Id of the parent.</summary>
    public int ParentPid;

    /// <summary>The task's flags.</summary>
    public uint Flags;

    /// <summary>When it started, in clock ticks since boot.</summary>
    public long StartTicks;

    /// <summary>A thread of the kernel: it has no address space.</summary>
    public readonly bool IsKernelThread => (Flags & KernelThreadFlag) != 0;

    /// <summary>Ended, and waiting for its parent to take note.</summary>
    public readonly bool HasEnded => State is (byte)'Z' or (byte)'X' or (byte)'x';

    /// <summary>Reads the one line of the file.</summary>
    /// <returns>False when it is not such a line.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out ProcStat stat)
    {
        stat = default;
        var open = line.IndexOf((byte)'(');
        // The last one: a command's name may hold a closing parenthesis.
        var close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            return false;
        }
        stat.Command = line[(open + 1)..close];
        var rest = line[(close + 1)..];
        for (var field = 3; field <= 22; field++)
        {
            if (rest.IsEmpty || rest[0] != ' ')
            {
                return false;
            }
            rest = rest[1..];
            var end = rest.IndexOfAny((byte)' ', (byte)'\n');
            var value = end < 0 ? rest : rest[..end];
            var good = field switch
            {
                3 => value.Length == 1 && (stat.State = value[0]) != 0,
                4 => Utf8Parser.TryParse(value, out stat.ParentPid, out _),
                9 => Utf8Parser.TryParse(value, out stat.Flags, out _),
                22 => Utf8Parser.TryParse(value, out stat.StartTicks, out _),
                _ => !value.IsEmpty,
            };
            if (!good)
            {
                return false;
            }
            rest = rest[value.Length..];
        }
        return true;
    }
}
