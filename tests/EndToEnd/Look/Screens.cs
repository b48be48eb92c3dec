namespace WebVmMap.EndToEnd.Look;

/// <summary>Every page there is, for tests that hold for all of them.</summary>
public static class Screens
{
    public static TheoryData<string> All =>
    [
        "hosts", "processes", "processes of a host", "process", "address map", "timeline", "snapshots", "recordings", "recording", "schedules", "snapshot", "comparison", "changed addresses", "trend",
        "shared links", "share", "unknown host",
    ];

    /// <summary>Where one is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="demo">The system that shows it.</param>
    /// <param name="snapshot">What it needs of what is kept: an id, or for several the part of the query that names them.</param>
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
            "recordings" => "/recordings",
            "recording" => $"/recordings/{snapshot}",
            "schedules" => "/schedules",
            "snapshot" => $"/snapshots/{snapshot}",
            "comparison" => $"/compare?{snapshot}",
            "changed addresses" => $"/compare?{snapshot}&view=map&same=1",
            "trend" => $"/trend?{snapshot}",
            "shared links" => "/shares",
            "share" => snapshot,
            "unknown host" => "/hosts/nowhere/processes",
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
