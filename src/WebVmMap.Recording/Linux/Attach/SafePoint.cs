using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// Where a thread may be made to call a function of the C library: where it cannot be holding a lock that the call needs, and has left
/// nothing half done. That is when it waits in the kernel for something outside the allocator, or runs code of the program itself, and
/// in neither case from within a signal's handler, for that may have interrupted anything. Immutable.
/// </summary>
internal sealed class SafePoint
{
    /// <summary>How much of a stack is looked through.</summary>
    public const int StackBytes = 64 * 1024;

    // What is near the stack's top was called last.
    private const int NearWords = 64;

    private readonly (ulong Start, ulong End, string Name)[] _closed;
    private readonly (ulong Start, ulong End, string Name)[] _allocators;
    private readonly ulong _signalReturn;

    /// <summary>Makes one for a process.</summary>
    /// <param name="closed">Code that must not be interrupted: of the C library, the loader, allocators and the tracer.</param>
    /// <param name="allocators">Of it, code of allocators beside the C library's, which wait in ways that others do too.</param>
    /// <param name="signalReturn">The return address of every signal's handler; 0 when it is not known.</param>
    public SafePoint(IEnumerable<(ulong Start, ulong End, string Name)> closed, IEnumerable<(ulong Start, ulong End, string Name)> allocators, ulong signalReturn)
    {
        _closed = [.. closed];
        _allocators = [.. allocators];
        _signalReturn = signalReturn;
    }

    /// <summary>Why a thread must be left alone; null when it is at such a point.</summary>
    /// <param name="registers">Its registers.</param>
    /// <param name="stack">What lies on its stack, from the stack pointer on.</param>
    public string? Objection(in Registers registers, ReadOnlySpan<byte> stack)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(stack);
        if (_signalReturn != 0 && words.Contains(_signalReturn))
        {
            return "in a signal's handler";
        }
        var call = (long)registers.OrigRax;
        if (call >= 0)
        {
            if (!SystemCalls.IsWait(call, registers.Rsi))
            {
                return $"in system call {call}";
            }
            foreach (var word in words[..Math.Min(words.Length, NearWords)])
            {
                if (Find(_allocators, word) is { } allocator)
                {
                    return $"waiting in {allocator}";
                }
            }
            return Find(_closed, registers.Rip) is { } waiting && waiting.StartsWith("ld", StringComparison.Ordinal) ? $"reading in {waiting}" : null;
        }
        return Find(_closed, registers.Rip) is { } name ? $"running {name}" : null;
    }

    private static string? Find((ulong Start, ulong End, string Name)[] ranges, ulong address)
    {
        foreach (var (start, end, name) in ranges)
        {
            if (address >= start && address < end)
            {
                return name;
            }
        }
        return null;
    }
}
