using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingFileTests
{
    private static readonly byte[] s_file = Write(Interval(0), Interval(1), Interval(2));

    [Fact]
    public void Read_WhatWasWritten_GivesEveryInterval() => Assert.Equal([0, 1, 2], Read(s_file));

    [Fact]
    public void Read_CutOffAnywhere_GivesTheWholeIntervalsBefore()
    {
        for (var length = 8; length < s_file.Length; length++)
        {
            Assert.Equal(Enumerable.Range(0, Read(s_file[..length]).Count), Read(s_file[..length]));
        }
        Assert.Equal([0, 1], Read(s_file[..^1]));
    }

    [Fact]
    public void Read_AnyByteChanged_IsReadOrRefused()
    {
        for (var at = 0; at < s_file.Length; at++)
        {
            var changed = s_file.ToArray();
            changed[at] ^= 0x55;
            try
            {
                Read(changed);
            }
            catch (InvalidDataException ex)
            {
                Assert.NotEmpty(ex.Message);
            }
        }
    }

    [Fact]
    public void Read_SomethingElse_SaysThatItIsNone() => Assert.Throws<InvalidDataException>(() => Read("something else"u8.ToArray()));

    private static List<int> Read(byte[] file) => [.. RecordingFile.Read(new MemoryStream(file)).Select(interval => interval.Index)];

    private static byte[] Write(params RecordingInterval[] intervals)
    {
        using var file = new MemoryStream();
        RecordingFile.Begin(file);
        foreach (var interval in intervals)
        {
            RecordingFile.Append(file, interval);
        }
        return file.ToArray();
    }

    private static RecordingInterval Interval(int index) => new()
    {
        Index = index,
        EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(index),
        Health = new RecordingHealth { Events = index },
        Sites = index == 0 ? [new AllocationSite(-1, AllocationKind.Heap)] : [],
        Allocated = [new SiteAllocated(0, 1, 100)],
    };
}
