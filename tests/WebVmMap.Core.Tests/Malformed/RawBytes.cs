using System.Text;

namespace WebVmMap.Core.Tests.Malformed;

/// <summary>Writes what no writer of ours would: the primitives of docs/formats.md without any check.</summary>
internal sealed class RawBytes
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public RawBytes Add(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public RawBytes Varint(params ReadOnlySpan<ulong> values)
    {
        foreach (var value in values)
        {
            var rest = value;
            for (; rest > 127; rest >>= 7)
            {
                _bytes.Add((byte)(rest & 127 | 128));
            }
            _bytes.Add((byte)rest);
        }
        return this;
    }

    public RawBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Varint((ulong)bytes.Length).Add(bytes);
    }
}
