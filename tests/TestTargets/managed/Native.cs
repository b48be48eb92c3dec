using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Told;

/// <summary>Takes native memory, of a size of its own at each place, and says where that was.</summary>
internal static unsafe class Native
{
    private static readonly HashSet<(int Size, string Function, int Line)> s_said = [];

    /// <summary>Takes a block and keeps it.</summary>
    /// <param name="size">Its size, by which the place is known.</param>
    /// <param name="function">The method that calls this, as a stack trace writes it.</param>
    /// <param name="at">The line that the call stands in; the compiler's.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take(int size, string function, [CallerLineNumber] int at = 0)
    {
        NativeMemory.Alloc((nuint)size);
        s_said.Add((size, function, at));
    }

    /// <summary>Says where memory was taken since the last time.</summary>
    public static void Say()
    {
        foreach (var (size, function, line) in s_said.OrderBy(said => said.Size))
        {
            Console.WriteLine($"{size}\t{line}\t{function}");
        }
        s_said.Clear();
    }
}
