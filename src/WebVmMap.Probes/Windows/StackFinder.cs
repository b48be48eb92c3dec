using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// Finds the stacks of threads by what their environment blocks say about them. A pointer into some memory is never taken
/// for a sign that all of it is a stack: a fiber or a coroutine may run on a small part of a huge mapping.
/// </summary>
internal static class StackFinder
{
    private const ulong Page = RegionTableBuilder.PageSize;

    /// <summary>Claims the stack of each thread; of a 32-bit program's threads, both.</summary>
    public static void Claim(IWindowsProcess process, IReadOnlyList<WindowsThread> threads, RegionWalk walk, ClaimList claims)
    {
        foreach (var thread in threads)
        {
            if (thread.Teb == 0)
            {
                continue;
            }
            var isWow64 = process.Peb32 != 0;
            Claim(process, thread.Teb, ProcessLayout.X64, walk, claims, isWow64 ? thread.Label + " (64-bit)" : thread.Label);
            // The first field of the 64-bit TEB points to the 32-bit one in a 32-bit program.
            if (isWow64 && process.TryReadPointer(thread.Teb, 8, out var teb32) && teb32 != 0)
            {
                Claim(process, teb32, ProcessLayout.X86, walk, claims, thread.Label);
            }
        }
    }

    private static void Claim(IWindowsProcess process, ulong teb, ProcessLayout layout, RegionWalk walk, ClaimList claims, string detail)
    {
        if (!process.TryReadPointer(teb + (ulong)layout.TebStackBase, layout.PointerSize, out var high)
            || !process.TryReadPointer(teb + (ulong)layout.TebStackLimit, layout.PointerSize, out var low)
            || low >= high
            || !walk.TryFindAllocation(low, out var start, out var end, out var type)
            || type != MemoryType.Private
            || high > end)
        {
            return;
        }
        // DeallocationStack is where the reserved part begins. Anything implausible there leaves what is in use.
        if (process.TryReadPointer(teb + (ulong)layout.TebDeallocationStack, layout.PointerSize, out var reserved)
            && reserved >= start && reserved <= low)
        {
            low = reserved;
        }
        claims.Add(low & ~(Page - 1), (high + Page - 1) & ~(Page - 1), RegionCategory.Stack, detail);
    }
}
