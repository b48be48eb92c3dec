using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>The parameter that says whether the allocator's blocks are asked for, or memory of the system.</summary>
internal static class MemoryParameter
{
    /// <summary>Reads it, ignoring case.</summary>
    /// <param name="text">heap, virtual or all. Nothing given is heap: the allocator's blocks lie in memory of the system, so both together count bytes twice.</param>
    /// <param name="kind">What it says; null for all.</param>
    /// <returns>What is wrong as a sentence, or null.</returns>
    public static string? Read(string? text, out AllocationKind? kind)
    {
        if (string.Equals(text, "all", StringComparison.OrdinalIgnoreCase))
        {
            kind = null;
            return null;
        }
        var wrong = NamedParameter.Read(text, "kind", out kind);
        kind ??= AllocationKind.Heap;
        return wrong is null ? null : "kind is one of heap, virtual, all.";
    }
}
