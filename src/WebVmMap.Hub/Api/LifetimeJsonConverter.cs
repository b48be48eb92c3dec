using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebVmMap.Hub.Api;

/// <summary>Takes a lifetime as a text or as a number of seconds, and hands on the text.</summary>
internal sealed class LifetimeJsonConverter : JsonConverter<string>
{
    // Longer than any lifetime, so that what is no such number is refused with the same words as what is no such text.
    private const int MaximumDigits = 20;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan[..Math.Min(MaximumDigits, reader.ValueSpan.Length)]),
        _ => throw new JsonException("A lifetime is a text or a number of seconds."),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
