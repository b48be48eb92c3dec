using System.Globalization;
using System.Text.Json;

namespace WebVmMap.Core.Import;

/// <summary>Reads the values of the JSON export; each names the property that is wrong. Null stands for what is not there.</summary>
internal static class JsonFields
{
    /// <exception cref="InvalidDataException">It is no text.</exception>
    /// <exception cref="InvalidOperationException">It is none in Unicode.</exception>
    public static string Text(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.String => json.GetString() ?? "",
            JsonTokenType.Null => "",
            _ => throw Wrong(name, "a text"),
        };
    }

    /// <summary>A whole number that is not negative.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static long Number(ref Utf8JsonReader json, string name) => Optional(ref json, name) ?? throw Wrong(name, "a whole number of 0 or more");

    /// <summary>A whole number that is not negative, or null.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static long? Optional(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number when json.TryGetInt64(out var value) && value >= 0 => value,
            _ => throw Wrong(name, "a whole number of 0 or more"),
        };
    }

    /// <exception cref="InvalidDataException">It is no number from 0 to a year of milliseconds.</exception>
    public static double Milliseconds(ref Utf8JsonReader json, string name)
    {
        const double Year = 1000.0 * 3600 * 24 * 366;
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var value) && value is >= 0 and <= Year
            ? value
            : throw Wrong(name, "a number of milliseconds");
    }

    /// <exception cref="InvalidDataException">It is neither true nor false.</exception>
    public static bool Flag(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType is JsonTokenType.True or JsonTokenType.False ? json.GetBoolean() : throw Wrong(name, "true or false");
    }

    /// <summary>A time, ISO 8601.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static DateTimeOffset Time(ref Utf8JsonReader json, string name) => DateTimeOffset.TryParse(
        Text(ref json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong(name, "a time (ISO 8601)");

    /// <summary>A hexadecimal address, as text.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ulong Address(ref Utf8JsonReader json, string name)
    {
        var text = Text(ref json, name);
        return text.StartsWith("0x", StringComparison.Ordinal) && ImportedNumber.TryHex(text, out var address) ? address : throw Wrong(name, "an address (\"0x…\")");
    }

    /// <exception cref="InvalidDataException">No object begins here.</exception>
    public static void Begin(ref Utf8JsonReader json, JsonTokenType begin, string name)
    {
        json.Read();
        if (json.TokenType != begin)
        {
            throw Wrong(name, begin == JsonTokenType.StartArray ? "a list" : "an object");
        }
    }

    public static InvalidDataException Wrong(string name, string what) => new($"Its {name} is not {what}.");
}
