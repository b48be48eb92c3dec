using MessagePack;

namespace WebVmMap.Benchmarks.Live;

/// <summary>What a page asks the hub for.</summary>
[MessagePackObject]
public sealed record WatchRequest(
    [property: Key("host")] string Host, [property: Key("pid")] int Pid, [property: Key("start")] string Start, [property: Key("intervalMs")] int IntervalMs);
