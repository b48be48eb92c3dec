namespace WebVmMap.Symbols.DotNet;

/// <summary>A piece of machine code that a runtime made of a method. Of one method there may be several: slow code at first, fast code later.</summary>
internal sealed class CompiledMethod
{
    private const int Prolog = -2;

    public required ulong Start { get; init; }

    /// <summary>The first byte behind it; of code whose length was not told as far as it may reach.</summary>
    public required ulong End { get; init; }

    /// <summary>The runtime's number of its module; 0 when it was not told.</summary>
    public required ulong Module { get; init; }

    /// <summary>In its module; 0 when it is in none.</summary>
    public required uint Token { get; init; }

    /// <summary>As people call it.</summary>
    public required string Name { get; init; }

    /// <summary>By offset in the machine code the offset in the method's own, in ascending order. Negative: before the method's own code (-2), or of the compiler's making.</summary>
    public (uint Native, int Il)[] Offsets { get; set; } = [];

    /// <summary>The place in the method's own code of a place in its machine code.</summary>
    /// <returns>What the compiler added counts to what comes before it, as .NET's stack traces do it; -1 when it is not known.</returns>
    public int Il(ulong address)
    {
        var offset = address - Start;
        int low = 0, high = Offsets.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Offsets[middle].Native <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        for (var at = low - 1; at >= 0; at--)
        {
            if (Offsets[at].Il is >= 0 or Prolog)
            {
                return Math.Max(0, Offsets[at].Il);
            }
        }
        return -1;
    }
}
