using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;
using WebVmMap.Probes.Linux.ProcFs;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.PageOut;

/// <summary>
/// Linux has no call that empties a working set: this asks for MADV_PAGEOUT over every mapping, by process_madvise.
/// https://man7.org/linux/man-pages/man2/process_madvise.2.html
/// </summary>
internal static class WorkingSetEmptier
{
    private const string Remedy =
        "paging out another process's memory needs CAP_SYS_NICE beside the right to read it: run the agent as root, or give it both (systemd: AmbientCapabilities=CAP_SYS_PTRACE CAP_SYS_NICE)";

    /// <summary>Empties one.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="directory">Its open directory, which stands for the process and not for its id.</param>
    /// <param name="regions">Its mappings as they were just read.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ProbeResult<EmptiedWorkingSet> Run(int pid, ProcDirectory directory, ReadOnlySpan<SmapsRegion> regions, CancellationToken cancellation)
    {
        var opened = Open(pid, directory);
        if (!opened.TryGet(out var process))
        {
            return opened.Failure;
        }
        using (process)
        {
            if (RollupFigures.Read(directory, out var before) is var first and not 0)
            {
                return LinuxFailures.From(pid, "smaps_rollup", first, "");
            }
            var tally = PageOutPass.Run(process, regions, cancellation);
            if (tally.Error != 0)
            {
                return Failure(pid, tally.Error);
            }
            return RollupFigures.Read(directory, out var after) is var second and not 0
                ? LinuxFailures.From(pid, "smaps_rollup", second, "")
                : new EmptiedWorkingSet(before.Resident, after.Resident, Notes(tally, after, HasSwap()));
        }
    }

    /// <summary>What is to be said about what stayed.</summary>
    public static ImmutableArray<string> Notes(in PageOutTally tally, in RollupFigures after, bool hasSwap)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        if (!hasSwap && after.Anonymous > 0)
        {
            notes.Add($"This machine has no swap, so memory with no file behind it (heaps, stacks) cannot leave: {Kib(after.Anonymous)} of it stay.");
        }
        if (after.Shared > 0)
        {
            notes.Add($"The kernel leaves pages in memory that other processes map too: {Kib(after.Shared)}, mostly of libraries.");
        }
        Refused(tally.Locked, "the process locked it in memory (mlock)");
        Refused(tally.HugePages, "huge pages (hugetlbfs) are never paged out");
        Refused(tally.Device, "it belongs to a device or to the kernel");
        return notes.ToImmutable();

        void Refused(long bytes, string why)
        {
            if (bytes > 0)
            {
                notes.Add($"The kernel refused {Kib(bytes)}: {why}.");
            }
        }
    }

    private static ProbeResult<SafeFileHandle> Open(int pid, ProcDirectory directory)
    {
        var descriptor = Interop.Libc.PidFdOpen(Interop.Libc.PidFdOpenNumber, pid, 0);
        var error = Marshal.GetLastPInvokeError();
        if (descriptor < 0)
        {
            return Failure(pid, error);
        }
        var process = new SafeFileHandle(descriptor, ownsHandle: true);
        // The directory still answers after the id was opened: the id is still that of the same process.
        Span<byte> one = stackalloc byte[1];
        if (directory.Read("stat\0"u8, one, out error) == 0)
        {
            process.Dispose();
            return LinuxFailures.From(pid, "stat", error, "");
        }
        return process;
    }

    private static ProbeFailure Failure(int pid, int error) => error switch
    {
        Interop.Libc.ESRCH => LinuxFailures.Gone(pid),
        Interop.Libc.EPERM or Interop.Libc.EACCES => new ProbeFailure(ProbeOutcome.Denied, $"The working set of process {pid} may not be emptied by the agent: {Remedy}."),
        Interop.Libc.ENOSYS => new ProbeFailure(ProbeOutcome.Failed, "This kernel cannot empty another process's working set: it needs Linux 5.10 or newer."),
        _ => new ProbeFailure(ProbeOutcome.Failed, $"Emptying the working set of process {pid} failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})."),
    };

    // The first line is a heading. https://man7.org/linux/man-pages/man5/proc_swaps.5.html
    private static bool HasSwap()
    {
        Span<byte> text = stackalloc byte[4096];
        var length = ProcFile.Read("/proc/swaps\0"u8, text, out _);
        return text[..length].Count((byte)'\n') > 1;
    }

    private static string Kib(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes >> 10:N0} KiB");
}
