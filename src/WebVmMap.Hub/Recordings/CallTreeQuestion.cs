using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>Which call tree of a recording is asked for: the span, and how its stacks are put together. Immutable.</summary>
public sealed record CallTreeQuestion
{
    private const int MaxText = 300;

    /// <summary>The whole recording from the outermost callers on, with all frames.</summary>
    public static CallTreeQuestion Whole { get; } = new();

    /// <summary>When the span begins: a time, or a mark's label; empty for the recording's beginning.</summary>
    public string From { get; init; } = "";

    /// <summary>When it ends; empty for now, or for the recording's end.</summary>
    public string To { get; init; } = "";

    /// <summary>When the span begins that this one is compared with; as <see cref="From"/>.</summary>
    public string BaseFrom { get; init; } = "";

    /// <summary>When that one ends.</summary>
    public string BaseTo { get; init; } = "";

    /// <summary>Whether it is compared with another span.</summary>
    public bool IsCompared => BaseFrom.Length + BaseTo.Length > 0;

    /// <summary>How soon what is temporary was freed.</summary>
    public TemporaryWithin Within { get; init; }

    /// <summary>From where it looks.</summary>
    public CallTreeView View { get; init; }

    /// <summary>Only what was got through this; null for all.</summary>
    public AllocationKind? Kind { get; init; } = AllocationKind.Heap;

    /// <summary>Only blocks of this <see cref="Core.Recordings.SizeClass"/>; null for all.</summary>
    public byte? Size { get; init; }

    /// <summary>Whether a function that calls itself is one call.</summary>
    public bool CollapseRecursion { get; init; }

    /// <summary>Whether the system's own code is left out.</summary>
    public bool HideSystem { get; init; }

    /// <summary>Whether calls from several lines of a function stand apart.</summary>
    public bool SplitLines { get; init; }

    /// <summary>Whether two ask for the same stacks, be it of other spans: then a call has the same token in both.</summary>
    public bool HasStacksOf(CallTreeQuestion other) => (other with { From = From, To = To, BaseFrom = BaseFrom, BaseTo = BaseTo, Within = Within }) == this;

    /// <summary>It as words of an address, without question mark; empty for <see cref="Whole"/>.</summary>
    public string Format()
    {
        var parts = new List<KeyValuePair<string, string?>>();
        Add(parts, "from", From);
        Add(parts, "to", To);
        Add(parts, "baseFrom", BaseFrom);
        Add(parts, "baseTo", BaseTo);
        Add(parts, "within", Within switch { TemporaryWithin.Interval => "interval", TemporaryWithin.TenSeconds => "tenSeconds", _ => "" });
        Add(parts, "view", View switch { CallTreeView.BottomUp => "bottomUp", CallTreeView.ByModule => "byModule", _ => "" });
        Add(parts, "kind", Kind switch { AllocationKind.Heap => "", AllocationKind.Virtual => "virtual", _ => "all" });
        Add(parts, "size", Size?.ToString(CultureInfo.InvariantCulture) ?? "");
        Add(parts, "recursion", CollapseRecursion ? "collapsed" : "");
        Add(parts, "system", HideSystem ? "hidden" : "");
        Add(parts, "lines", SplitLines ? "apart" : "");
        return QueryHelpers.AddQueryString("", parts).TrimStart('?');
    }

    /// <summary>Reads what <see cref="Format"/> writes; keys that are not of it are passed over, and so is what cannot be understood.</summary>
    public static CallTreeQuestion Parse(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string Get(string key) => values.TryGetValue(key, out var value) && !StringValues.IsNullOrEmpty(value) && value[0]!.Length <= MaxText ? value[0]! : "";
        return new CallTreeQuestion
        {
            From = Get("from"),
            To = Get("to"),
            BaseFrom = Get("baseFrom"),
            BaseTo = Get("baseTo"),
            Within = Get("within") switch { "interval" => TemporaryWithin.Interval, "tenSeconds" => TemporaryWithin.TenSeconds, _ => TemporaryWithin.Second },
            View = Get("view") switch { "bottomUp" => CallTreeView.BottomUp, "byModule" => CallTreeView.ByModule, _ => CallTreeView.TopDown },
            Kind = Get("kind") switch { "virtual" => AllocationKind.Virtual, "all" => null, _ => AllocationKind.Heap },
            Size = byte.TryParse(Get("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= SizeClass.Largest ? size : null,
            CollapseRecursion = Get("recursion") == "collapsed",
            HideSystem = Get("system") == "hidden",
            SplitLines = Get("lines") == "apart",
        };
    }

    private static void Add(List<KeyValuePair<string, string?>> parts, string key, string value)
    {
        if (value.Length > 0)
        {
            parts.Add(new(key, value));
        }
    }
}
