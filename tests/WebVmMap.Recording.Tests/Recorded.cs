using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>A whole recording of a program that ran to its end, and what the program said of itself.</summary>
internal sealed class Recorded
{
    private readonly List<RecordedModule> _modules = [];
    private readonly List<RecordedFrame> _frames = [];
    private readonly List<RecordedNode> _nodes = [];
    private readonly List<AllocationSite> _sites = [];

    // Whatever else this machine does meanwhile: nothing may be dropped.
    public static readonly RecorderOptions Patient = new() { MaxWait = TimeSpan.FromMinutes(1) };

    public List<RecordingInterval> Intervals { get; } = [];

    public IReadOnlyList<AllocationSite> Sites => _sites;

    public RecordingHealth Health => Intervals[^1].Health;

    public string[] Output { get; private set; } = [];

    public static async Task<Recorded> RunAsync(IEnumerable<string> command, RecorderOptions? options = null, params (string, string)[] environment)
    {
        var output = Path.GetTempFileName();
        try
        {
            var request = new LaunchRequest
            {
                Command = ["/bin/sh", "-c", "exec \"$@\" > \"$0\"", output, .. command],
                Environment = environment.ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2),
            };
            await using var recording = new LinuxRecorder(options ?? Patient).Launch(request);
            var recorded = new Recorded();
            await recorded.ReadAsync(recording);
            recorded.Output = await File.ReadAllLinesAsync(output);
            return recorded;
        }
        finally
        {
            File.Delete(output);
        }
    }

    public async Task ReadAsync(IRecording recording)
    {
        await foreach (var interval in recording.ReadAsync(TestContext.Current.CancellationToken))
        {
            Add(interval);
        }
    }

    /// <summary>How many blocks were allocated by sites whose blocks are of the class of this size.</summary>
    public long Allocations(long size) =>
        Intervals.SelectMany(interval => interval.Allocated).Where(entry => _sites[entry.Site] is { Kind: AllocationKind.Heap } site && site.SizeClass == SizeClass.Of(size)).Sum(entry => entry.Blocks);

    /// <summary>How many blocks were freed that were there before it, counted or not.</summary>
    public long FreedFromBefore() => Intervals.SelectMany(interval => interval.Freed).Where(freed => _sites[freed.Site].BeforeRecording).Sum(freed => freed.Blocks);

    public void Add(RecordingInterval interval)
    {
        Assert.Equal(Intervals.Count, interval.Index);
        Intervals.Add(interval);
        _modules.AddRange(interval.Modules);
        _frames.AddRange(interval.Frames);
        _nodes.AddRange(interval.Nodes);
        _sites.AddRange(interval.Sites);
    }

    /// <summary>What the program said of itself.</summary>
    public SortedDictionary<string, Counts> Said() => Counts.Said(Output);

    /// <summary>What was recorded, by the innermost function of the program on each stack.</summary>
    public Dictionary<string, Counts> ByFunction(RecordedProgram program, AllocationKind? only = null)
    {
        var functions = _frames.ToDictionary(frame => frame, frame => FunctionOf(program, frame));
        var names = _sites.Select(site => Stack(site).Select(frame => functions[frame]).FirstOrDefault(name => name is not null) ?? "").ToArray();
        var counts = new Dictionary<string, Counts>();
        foreach (var interval in Intervals)
        {
            foreach (var allocated in interval.Allocated.Where(allocated => only is null || _sites[allocated.Site].Kind == only))
            {
                counts[names[allocated.Site]] = counts.GetValueOrDefault(names[allocated.Site]) + new Counts(allocated.Blocks, allocated.Bytes, 0, 0);
            }
            foreach (var freed in interval.Freed.Where(freed => only is null || _sites[freed.Site].Kind == only))
            {
                Assert.InRange(freed.Born, _sites[freed.Site].BeforeRecording ? -1 : 0, interval.Index);
                counts[names[freed.Site]] = counts.GetValueOrDefault(names[freed.Site]) + new Counts(0, 0, freed.Blocks, freed.Bytes);
            }
        }
        return counts;
    }

    /// <summary>The frames of a site's stack, innermost first.</summary>
    public IEnumerable<RecordedFrame> Stack(AllocationSite site)
    {
        for (var node = site.Node; node >= 0; node = _nodes[node].Parent)
        {
            yield return _frames[_nodes[node].Frame];
        }
    }

    public string ModuleOf(RecordedFrame frame) => frame.Module < 0 ? "" : _modules[frame.Module].Path;

    private string? FunctionOf(RecordedProgram program, RecordedFrame frame) => ModuleOf(frame) == program.Path ? program.Function(frame.Offset) : null;
}
