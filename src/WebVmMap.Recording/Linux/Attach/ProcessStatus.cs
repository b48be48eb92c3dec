using System.Globalization;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>What of <c>/proc/PID/status</c> and <c>/proc/PID/stat</c> matters for an attach. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html Immutable.</summary>
internal sealed record ProcessStatus
{
    /// <summary>R, S, D, T, t, Z or X.</summary>
    public char State { get; init; } = '?';

    /// <summary>The process that it is a thread of, or itself.</summary>
    public int Process { get; init; }

    /// <summary>Who started it, or took it over when that one had ended.</summary>
    public int Parent { get; init; }

    /// <summary>Who traces it; 0 for nobody.</summary>
    public int Tracer { get; init; }

    /// <summary>Effective user.</summary>
    public uint User { get; init; }

    /// <summary>How many open files the kernel has room for before it makes more.</summary>
    public int FileRoom { get; init; }

    /// <summary>1 when it may make next to no system calls.</summary>
    public int Seccomp { get; init; }

    /// <summary>Signals that came and are not blocked.</summary>
    public ulong Due { get; init; }

    /// <summary>Whether it has memory of its own: a thread of the kernel has none, nor has what has ended.</summary>
    public bool HasMemory { get; init; }

    /// <summary>Reads it; null when there is none.</summary>
    /// <param name="path"><c>/proc/PID</c> or <c>/proc/PID/task/TID</c>.</param>
    public static ProcessStatus? TryRead(string path)
    {
        var status = new ProcessStatus();
        ulong pending = 0, blocked = 0;
        try
        {
            foreach (var line in File.ReadLines($"{path}/status"))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var value = line.AsSpan(colon + 1).Trim();
                switch (colon < 0 ? "" : line[..colon])
                {
                    case "State":
                        status = status with { State = value[0] };
                        break;
                    case "Tgid":
                        status = status with { Process = int.Parse(value, CultureInfo.InvariantCulture) };
                        break;
                    case "PPid":
                        status = status with { Parent = int.Parse(value, CultureInfo.InvariantCulture) };
                        break;
                    case "TracerPid":
                        status = status with { Tracer = int.Parse(value, CultureInfo.InvariantCulture) };
                        break;
                    case "Uid":
                        status = status with { User = uint.Parse(value.ToString().Split('\t')[1], CultureInfo.InvariantCulture) };
                        break;
                    case "FDSize":
                        status = status with { FileRoom = int.Parse(value, CultureInfo.InvariantCulture) };
                        break;
                    case "VmSize":
                        status = status with { HasMemory = true };
                        break;
                    case "Seccomp":
                        status = status with { Seccomp = int.Parse(value, CultureInfo.InvariantCulture) };
                        break;
                    case "SigPnd" or "ShdPnd":
                        pending |= Mask(value);
                        break;
                    case "SigBlk":
                        blocked = Mask(value);
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        return status with { Due = pending & ~blocked };
    }

    /// <summary>When the process started, in the kernel's ticks since boot; 0 when it is not there.</summary>
    public static long StartStamp(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name before it may hold anything.
            return long.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static ulong Mask(ReadOnlySpan<char> hex) => ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
