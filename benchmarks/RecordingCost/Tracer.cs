namespace WebVmMap.Benchmarks.RecordingCost;

/// <summary>A way to run a program: alone, or under something that records its allocations.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Words">What stands before the program.</param>
internal sealed record Tracer(string Name, params string[] Words)
{
    /// <summary>Where ours writes, to be read for its health.</summary>
    public static string Recording { get; } = Path.Combine(Path.GetTempPath(), $"webvmmap-cost-{Environment.ProcessId}.wvmr");

    private static readonly string s_heaptrack = Path.Combine(Path.GetTempPath(), $"webvmmap-cost-{Environment.ProcessId}");

    public static Tracer None { get; } = new("alone");

    public static Tracer Heaptrack { get; } = new("heaptrack", "heaptrack", "-o", s_heaptrack);

    public static Tracer Ours(string agent) => new("webvmmap", agent, "record", "--output", Recording, "--");

    public static Tracer Sampled(string agent) => new("webvmmap, sampled", agent, "record", "--sample", "512K", "--output", Recording, "--");

    /// <summary>Removes what the runs left.</summary>
    public static void Clean()
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), $"webvmmap-cost-{Environment.ProcessId}*"))
        {
            File.Delete(file);
        }
    }
}
