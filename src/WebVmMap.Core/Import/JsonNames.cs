using System.Text.Json;
using System.Text.Unicode;

namespace WebVmMap.Core.Import;

/// <summary>The names of properties, of which a file repeats few a million times.</summary>
internal static class JsonNames
{
    private static readonly string[] s_known =
    [
        "address", "allocationBase", "size", "category", "committed", "private", "totalWs", "privateWs", "shareableWs", "sharedWs",
        "lockedWs", "pss", "swap", "blocks", "protection", "details", "children",
    ];

    /// <summary>The name that the reader stands at: one of the known without allocating.</summary>
    public static string Of(ref Utf8JsonReader json)
    {
        // No writer escapes these names, and what is escaped may be no text at all.
        if (json.ValueIsEscaped)
        {
            return "";
        }
        foreach (var name in s_known)
        {
            if (json.ValueTextEquals(name))
            {
                return name;
            }
        }
        // One that is longer, or no valid text at all, is none that is read either.
        return json.ValueSpan.Length <= 64 && Utf8.IsValid(json.ValueSpan) ? json.GetString() ?? "" : "";
    }
}
