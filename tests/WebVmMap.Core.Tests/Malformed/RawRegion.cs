namespace WebVmMap.Core.Tests.Malformed;

/// <summary>A regions block of one row; every value as it is on the wire. As it stands it is right.</summary>
internal sealed record RawRegion
{
    public ulong Count { get; init; } = 1;
    public ulong Gap { get; init; } = 0x400;
    public ulong Size { get; init; } = 16;
    public ulong Base { get; init; } = 1;
    public ulong Category { get; init; } = 4;
    public ulong Protection { get; init; } = 3;
    public ulong Detail { get; init; } = 2;
    public byte Shift { get; init; } = 12;
    public ulong Reserved { get; init; } = 2;
    public ulong NotPrivate { get; init; } = 2;
    public ulong PrivateWs { get; init; } = 1;

    public byte[] ToBytes()
    {
        var bytes = new RawBytes().Varint(Count);
        foreach (var value in new[] { Gap, Size, Base, Category, Protection, Detail })
        {
            Column(bytes, value);
        }
        Column(bytes.Add(Shift), Reserved);
        Column(bytes.Add(Shift), NotPrivate);
        Column(bytes.Add(Shift), PrivateWs);
        for (var metric = 0; metric < 5; metric++)
        {
            Column(bytes.Add(Shift), 1);
        }
        return bytes.ToArray();
    }

    private static void Column(RawBytes bytes, ulong value)
    {
        bytes.Varint(value);
        if (value == 0)
        {
            bytes.Varint(0);
        }
    }
}
