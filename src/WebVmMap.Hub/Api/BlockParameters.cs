using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>Which live blocks of a recording a request asks for: those that fit all of it.</summary>
/// <param name="Address">Only the block that holds this address.</param>
/// <param name="AddressFrom">Only blocks that begin at this address or behind it.</param>
/// <param name="AddressTo">Only blocks that begin before this address.</param>
/// <param name="From">Only blocks that were allocated from this time or mark on.</param>
/// <param name="To">Only blocks that were allocated up to this time or mark.</param>
/// <param name="Function">Only blocks whose stack goes through the function of this name, wherever.</param>
/// <param name="Node">Only blocks that count for this call: the token that a recording's page has in its address (sel), of the tree that view, kind, collapseRecursion, hideSystem and splitLines choose as that page does.</param>
/// <param name="View">With node: topDown (the default), bottomUp or byModule.</param>
/// <param name="CollapseRecursion">With node: whether a function that calls itself is one call.</param>
/// <param name="HideSystem">With node: whether the system's own code is left out.</param>
/// <param name="SplitLines">With node: whether calls from several lines of a function stand apart.</param>
/// <param name="Kind">heap or virtual; both when left out.</param>
/// <param name="MinSize">The least size in bytes.</param>
/// <param name="Sort">biggest (the default), newest or oldest.</param>
/// <param name="Skip">So many that come first are left out.</param>
/// <param name="Top">At most so many, 1 to 10000; 100 when left out.</param>
internal sealed record BlockParameters(
    string? Address, string? AddressFrom, string? AddressTo, string? From, string? To, string? Function, string? Node, string? View, bool? CollapseRecursion,
    bool? HideSystem, bool? SplitLines, string? Kind, long? MinSize, string? Sort, int? Skip, int? Top)
{
    private const int MaximumBlocks = 10_000;

    /// <summary>What is asked for.</summary>
    /// <returns>What is wrong with it as a sentence, or null.</returns>
    public string? ToQuestion(out BlockListQuestion question)
    {
        question = new BlockListQuestion();
        var wrong = NamedParameter.Read<CallTreeView>(View, "view", out var view);
        wrong = NamedParameter.Read<AllocationKind>(Kind, "kind", out var kind) ?? wrong;
        wrong = NamedParameter.Read<BlockOrder>(Sort, "sort", out var order) ?? wrong;
        wrong = Hexadecimal(Address, "address", out var address) ?? wrong;
        wrong = Hexadecimal(AddressFrom, "addressFrom", out var first) ?? wrong;
        wrong = Hexadecimal(AddressTo, "addressTo", out var end) ?? wrong;
        if (wrong is not null)
        {
            return wrong;
        }
        if (MinSize is < 0 || Top is < 1 or > MaximumBlocks || Skip is < 0 || (Skip ?? 0L) + (Top ?? 100) > RecordedBlocks.MaximumDepth)
        {
            return $"minSize and skip are from 0, top is 1 to {MaximumBlocks}, and skip and top together at most {RecordedBlocks.MaximumDepth}.";
        }
        if (first >= end)
        {
            return "addressFrom is not before addressTo.";
        }
        question = new BlockListQuestion
        {
            Calls = new CallTreeQuestion
            {
                From = From ?? "",
                To = To ?? "",
                View = view ?? CallTreeView.TopDown,
                Kind = kind,
                CollapseRecursion = CollapseRecursion ?? false,
                HideSystem = HideSystem ?? false,
                SplitLines = SplitLines ?? false,
            },
            Call = Node ?? "",
            Function = Function ?? "",
            Address = address,
            Ranges = first is null && end is null ? [] : [(first ?? 0, end ?? ulong.MaxValue)],
            MinSize = MinSize ?? 0,
            Order = order ?? BlockOrder.Biggest,
            Skip = Skip ?? 0,
            Top = Top ?? 100,
        };
        return null;
    }

    private static string? Hexadecimal(string? text, string parameter, out ulong? address)
    {
        address = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            || !ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var parsed))
        {
            return $"{parameter} is hexadecimal, as 0x7f001234.";
        }
        address = parsed;
        return null;
    }
}
