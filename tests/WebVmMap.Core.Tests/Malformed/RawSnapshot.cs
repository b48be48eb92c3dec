namespace WebVmMap.Core.Tests.Malformed;

/// <summary>A stored snapshot, uncompressed, put together field by field. As it stands it is right.</summary>
internal sealed record RawSnapshot
{
    public byte Version { get; init; } = 1;
    public byte Compression { get; init; }
    public int LengthOff { get; init; }
    public byte Platform { get; init; } = 1;
    public ulong Pid { get; init; } = 4711;
    public ulong NameLength { get; init; } = 1;
    public byte[] Name { get; init; } = "n"u8.ToArray();
    public byte Managed { get; init; }
    public ulong StartTime { get; init; } = 2_000_000_000_000;
    public ulong PrivateBytes { get; init; } = 1;
    public ulong TakenAt { get; init; } = 1_000_000_000_000;
    public ulong Elapsed { get; init; } = 1000;
    public ulong WorkingSet { get; init; }
    public ulong Lowest { get; init; } = 16;
    public ulong End { get; init; } = 0x7_ffff_ffff;
    public ulong Granularity { get; init; } = 4096;
    public byte[] Notes { get; init; } = [0];
    public byte[] Texts { get; init; } = [2, 0, 1, (byte)'t'];
    public byte[] Regions { get; init; } = new RawRegion().ToBytes();
    public byte[] After { get; init; } = [];

    public byte[] Body() => new RawBytes()
        .Add(Platform)
        .Varint(Pid, 77, 1, NameLength).Add(Name).Text("command line").Text("user").Text("x64").Add(Managed)
        .Varint(StartTime, PrivateBytes, 5).Text("")
        .Varint(TakenAt, Elapsed, 500, WorkingSet, 0, 0, 0, 0, 0)
        .Varint(Lowest, End, Granularity)
        .Add(Notes)
        .Add(Texts)
        .Add(Regions)
        .Add(After)
        .ToArray();

    public byte[] ToBytes()
    {
        var body = Body();
        return [.. Head(Version, Compression, body.Length + LengthOff), .. body];
    }

    public static byte[] Head(byte version, byte compression, int length) =>
        new RawBytes().Add("WVMS"u8).Add(version, compression).Varint((ulong)length).ToArray();
}
