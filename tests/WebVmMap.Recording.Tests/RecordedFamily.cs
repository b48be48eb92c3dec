using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Recording.Linux;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>A program that ran to its end with all that it started, each process recorded, and what the processes said of themselves.</summary>
internal sealed class RecordedFamily
{
    private readonly Recorded _root = new();

    public int Pid { get; private set; }

    public List<(int Pid, int ParentPid, string Program, Recorded Recorded)> Children { get; } = [];

    public string[] Output { get; private set; } = [];

    public IEnumerable<Recorded> All => Children.Select(child => child.Recorded).Prepend(_root);

    public static async Task<RecordedFamily> RunAsync(IEnumerable<string> command, RecorderOptions? options = null, bool follow = true)
    {
        var stop = TestContext.Current.CancellationToken;
        var output = Path.GetTempFileName();
        try
        {
            var request = new LaunchRequest
            {
                Command = ["/bin/sh", "-c", "exec \"$@\" >> \"$0\"", output, .. command],
                Environment = ImmutableDictionary<string, string>.Empty.Add("PYTHONMALLOC", "malloc"),
                FollowChildren = follow,
            };
            await using var recording = new LinuxRecorder(options ?? Recorded.Patient).Launch(request);
            var family = new RecordedFamily { Pid = recording.Pid };
            var root = family._root.ReadAsync(recording);
            var children = new List<Task<(int, int, string, Recorded)>>();
            await foreach (var child in recording.ReadChildrenAsync(stop))
            {
                children.Add(Task.Run(() => ReadAsync(child), stop));
            }
            await root;
            family.Children.AddRange(await Task.WhenAll(children));
            family.Output = await File.ReadAllLinesAsync(output, stop);
            return family;
        }
        finally
        {
            File.Delete(output);
        }
    }

    public Recorded Of(int pid) => pid == Pid ? _root : Assert.Single(Children, child => child.Pid == pid).Recorded;

    /// <summary>What each process said that it did, in all of its programs.</summary>
    public SortedDictionary<int, Counts> Said()
    {
        var said = new SortedDictionary<int, Counts>();
        foreach (var words in Output.Select(line => line.Split(' ')).Where(words => words[0] == "site"))
        {
            var (pid, counts) = (Number(words[1].Split('/')[0]), new Counts(Number(words[2]), Number(words[3]), Number(words[4]), Number(words[5])));
            said[pid] = said.GetValueOrDefault(pid) + counts;
        }
        return said;
    }

    /// <summary>What each said of whose child it is.</summary>
    public Dictionary<int, int> Parents() =>
        Output.Select(line => line.Split(' ')).Where(words => words[0] == "parent").DistinctBy(words => words[1]).ToDictionary(words => Number(words[1]), words => Number(words[2]));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<(int, int, string, Recorded)> ReadAsync(IChildRecording child)
    {
        await using (child)
        {
            var recorded = new Recorded();
            await recorded.ReadAsync(child);
            return (child.Pid, child.ParentPid, child.Program, recorded);
        }
    }
}
