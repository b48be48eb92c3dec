using System.Buffers.Text;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Linux.ProcFs;

/// <summary>What is wanted of <c>/proc/PID/status</c>, https://man7.org/linux/man-pages/man5/proc_pid_status.5.html, in bytes.</summary>
internal struct ProcStatus
{
    /// <summary>The process that this task belongs to: differs from the id asked for when that is a thread's.</summary>
    public int ProcessId;

    /// <summary>Effective user.</summary>
    public uint EffectiveUid;

    /// <summary>Effective capabilities, a bit each.</summary>
    public ulong EffectiveCapabilities;

    /// <summary>Address space in use; null for a kernel thread or a process that has ended: neither has one.</summary>
    public long? VmSize;

    /// <summary>Resident.</summary>
    public long? VmRss;

    /// <summary>Resident and anonymous (since Linux 4.5).</summary>
    public long? RssAnon;

    /// <summary>Swapped out.</summary>
    public long? VmSwap;

    /// <summary>Page tables.</summary>
    public long? VmPte;

    /// <summary>The figures as the product's counters.</summary>
    public readonly ProcessCounters Counters => new()
    {
        WorkingSet = VmRss,
        ResidentAnonymous = RssAnon,
        Swap = VmSwap,
        VirtualSize = VmSize,
        PageTable = VmPte,
    };

    /// <summary>Reads the file's lines; those not known are passed over.</summary>
    public static ProcStatus Parse(ReadOnlySpan<byte> text)
    {
        var status = new ProcStatus();
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.StartsWith("Vm"u8))
            {
                if (line.StartsWith("VmSize:"u8))
                {
                    status.VmSize = Kilobytes(line[7..]);
                }
                else if (line.StartsWith("VmRSS:"u8))
                {
                    status.VmRss = Kilobytes(line[6..]);
                }
                else if (line.StartsWith("VmPTE:"u8))
                {
                    status.VmPte = Kilobytes(line[6..]);
                }
                else if (line.StartsWith("VmSwap:"u8))
                {
                    status.VmSwap = Kilobytes(line[7..]);
                }
            }
            else if (line.StartsWith("RssAnon:"u8))
            {
                status.RssAnon = Kilobytes(line[8..]);
            }
            else if (line.StartsWith("Uid:\t"u8))
            {
                // Real, effective, saved, file system.
                var uids = line[5..];
                var tab = uids.IndexOf((byte)'\t');
                status.EffectiveUid = Utf8Parser.TryParse(uids[(tab + 1)..], out uint uid, out _) ? uid : uint.MaxValue;
            }
            else if (line.StartsWith("Tgid:\t"u8))
            {
                status.ProcessId = Utf8Parser.TryParse(line[6..], out int id, out _) ? id : 0;
            }
            else if (line.StartsWith("CapEff:\t"u8))
            {
                status.EffectiveCapabilities = Utf8Parser.TryParse(line[8..], out ulong bits, out _, 'x') ? bits : 0;
            }
        }
        return status;
    }

    private static long? Kilobytes(ReadOnlySpan<byte> value)
    {
        value = value.TrimStart(" \t"u8);
        return Utf8Parser.TryParse(value, out long kilobytes, out _) && kilobytes is >= 0 and <= long.MaxValue >> 10 ? kilobytes << 10 : null;
    }
}
