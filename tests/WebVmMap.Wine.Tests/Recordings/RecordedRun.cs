using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.Recordings;

/// <summary>A program that ran under the published agent's <c>record</c> to its end: what it said, and what the file holds.</summary>
internal sealed class RecordedRun
{
    private RecordedRun(List<string> output, RecordingState state)
    {
        Output = output;
        State = state;
    }

    /// <summary>What the program wrote, and behind it what <c>record</c> did.</summary>
    public List<string> Output { get; }

    public RecordingState State { get; }

    public static Task<RecordedRun> OfAsync(WinePrefix wine, params string[] command) => OfAsync(wine, [], command);

    /// <summary>The same of one allocation in so many bytes.</summary>
    public static Task<RecordedRun> OfAsync(WinePrefix wine, long sampleBytes, params string[] command) =>
        OfAsync(wine, ["--sample", sampleBytes.ToString(CultureInfo.InvariantCulture)], command);

    /// <summary>The same with these options of the command line.</summary>
    public static async Task<RecordedRun> OfAsync(WinePrefix wine, string[] options, params string[] command)
    {
        var file = Path.Combine(wine.Folder, $"{Guid.NewGuid():N}.wvmr");
        var output = new List<string>();
        using var agent = wine.Start(wine.Agent, ["record", "--output", WinePrefix.WindowsPath(file), .. options, "--", .. command]);
        do
        {
            output.Add(await agent.ReadLineAsync());
        }
        while (!output[^1].Contains(" live at the end.", StringComparison.Ordinal));
        Assert.Equal((0, ""), (await agent.EndAsync(), agent.Errors));
        return await ReadAsync(file, output);
    }

    /// <summary>What a file holds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="output">What is known of what the program wrote.</param>
    public static async Task<RecordedRun> ReadAsync(string file, List<string> output)
    {
        var state = new RecordingState();
        await using var read = File.OpenRead(file);
        foreach (var interval in RecordingFile.Read(read))
        {
            state.Apply(interval);
        }
        return new RecordedRun(output, state);
    }

    /// <summary>What was recorded, by the innermost function of these on each stack.</summary>
    public SortedDictionary<string, Counts> ByFunction(IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, Counts>(StringComparer.Ordinal);
        for (var site = 0; site < State.Sites.Count; site++)
        {
            if (Functions(State.Sites[site]).FirstOrDefault(wanted.Contains) is { } name)
            {
                var figures = State.FiguresOf(site);
                counts[name] = counts.GetValueOrDefault(name) + new Counts(figures.Allocations, figures.AllocatedBytes, figures.Frees, figures.FreedBytes);
            }
        }
        return counts;
    }

    /// <summary>The functions of a site's stack, innermost first.</summary>
    public IEnumerable<string> Functions(AllocationSite site)
    {
        for (var node = site.Node; node >= 0; node = State.Nodes[node].Parent)
        {
            foreach (var line in State.Lines(State.Nodes[node].Frame))
            {
                yield return line.Function;
            }
        }
    }
}
