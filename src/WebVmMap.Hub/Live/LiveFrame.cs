using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Live;

/// <summary>One frame for browsers. Made once and shared by all viewers. Thread-safe.</summary>
internal sealed class LiveFrame(Snapshot snapshot, long sequence, byte[] data)
{
    private readonly Lazy<byte[]> _key = new(() => FrameEncoder.KeyAt(snapshot, sequence, includeGaps: true));

    /// <summary>Its number, +1 per frame.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>As the stream has it: mostly a delta on the frame before.</summary>
    public byte[] Data { get; } = data;

    /// <summary>True when a viewer needs nothing before it.</summary>
    public bool IsKey => Data[1] == KeyKind;

    /// <summary>The same as a key frame, for a viewer that does not hold the frame before; made when first asked for.</summary>
    public byte[] Key => IsKey ? Data : _key.Value;

    // docs/formats.md "Frame": byte 0 is the version, byte 1 the kind.
    private const byte KeyKind = 1;
}
