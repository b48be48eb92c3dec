namespace WebVmMap.Recording.Linux.Heap;

/// <summary>Memory of an arena that has chunks side by side.</summary>
/// <param name="Start">Where the first lies.</param>
/// <param name="Stop">Where the last of all ends, as far as blocks are given out: at the arena's top, or at what closes memory that it has left for newer. What is cut of the top later lies behind it.</param>
/// <param name="End">Where the memory ends.</param>
/// <param name="IsFirst">Whether it is of the first arena, whose chunks bear no mark of belonging to another.</param>
internal readonly record struct HeapRun(ulong Start, ulong Stop, ulong End, bool IsFirst);
