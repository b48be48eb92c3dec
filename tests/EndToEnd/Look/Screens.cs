namespace WebVmMap.EndToEnd.Look;

/// <summary>Every page there is, for tests that hold for all of them.</summary>
public static class Screens
{
    public static TheoryData<string> All => ["hosts", "processes", "processes of a host", "process", "address map", "timeline", "snapshots", "snapshot", "unknown host"];

    /// <summary>Opens one and waits until it shows what it is for.</summary>
    public static string Path(string name, DemoSystem demo, string snapshot)
    {
        var process = new Uri(demo.LandingUrl).AbsolutePath;
        return name switch
        {
            "hosts" => "/hosts",
            "processes" => "/processes",
            "processes of a host" => $"/hosts/{demo.HostId}/processes",
            "process" => process,
            "address map" => $"{process}?view=map",
            "timeline" => $"{process}?view=timeline",
            "snapshots" => "/snapshots",
            "snapshot" => $"/snapshots/{snapshot}",
            "unknown host" => "/hosts/nowhere/processes",
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
