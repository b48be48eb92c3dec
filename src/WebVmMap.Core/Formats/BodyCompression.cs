namespace WebVmMap.Core.Formats;

/// <summary>How the body of a stored snapshot is compressed. The values are part of the format.</summary>
internal enum BodyCompression : byte
{
    None = 0,
    Brotli = 1,
}
