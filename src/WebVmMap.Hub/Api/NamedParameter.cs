using System.Text.Json;

namespace WebVmMap.Hub.Api;

/// <summary>Parameters that are one of a few names.</summary>
internal static class NamedParameter
{
    /// <summary>Reads a name, ignoring case; nothing given is null.</summary>
    /// <returns>What is wrong as a sentence, or null.</returns>
    public static string? Read<T>(string? text, string parameter, out T? value)
        where T : struct, Enum
    {
        value = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        // Enum.TryParse would take numbers too.
        foreach (var known in Enum.GetValues<T>())
        {
            if (string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                value = known;
                return null;
            }
        }
        return $"{parameter} is one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.";
    }
}
