namespace WebVmMap.Symbols.DotNet;

/// <summary>A piece of machine code that a runtime made of a method. Of one method there may be several: slow code at first, fast code later.</summary>
internal sealed class CompiledMethod
{
    public required ulong Start { get; init; }

    /// <summary>The first byte behind it; of code whose length was not told the greatest number.</summary>
    public required ulong End { get; init; }

    /// <summary>The runtime's number of its module; 0 when it was not told.</summary>
    public required ulong Module { get; init; }

    /// <summary>In its module; 0 when it is in none.</summary>
    public required uint Token { get; init; }

    /// <summary>As people call it.</summary>
    public required string Name { get; init; }

    /// <summary>By offset in the machine code the offset in the method's own, in ascending order; negative ones are of no line.</summary>
    public (uint Native, int Il)[] Offsets { get; set; } = [];

    /// <summary>The place in the method's own code of a place in its machine code.</summary>
    /// <returns>-1 when it is of none: where a method begins and ends.</returns>
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
        // The runtime tells several for one place; the last that is in the method's own code counts.
        for (var at = low - 1; at >= 0; at--)
        {
            if (Offsets[at].Il >= 0)
            {
                return Offsets[at].Il;
            }
            if (at > 0 && Offsets[at - 1].Native != Offsets[at].Native)
            {
                break;
            }
        }
        return -1;
    }
}
