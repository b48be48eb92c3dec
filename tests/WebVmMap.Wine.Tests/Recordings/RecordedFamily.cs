using System.Globalization;
using System.Text.RegularExpressions;
using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.Recordings;

/// <summary>A program that ran under the published agent's <c>record --children</c> to its end, with all that it started, and what the processes said of themselves.</summary>
internal sealed partial class RecordedFamily
{
    private readonly Dictionary<int, (int ParentPid, string Program, RecordedRun Run)> _all = [];

    /// <summary>The process that was launched.</summary>
    public int Pid { get; private set; }

    /// <summary>What they wrote, and behind it what <c>record</c> did.</summary>
    public List<string> Output { get; } = [];

    /// <summary>Those that it started, and these; who allocated nothing is not among them.</summary>
    public IReadOnlyDictionary<int, (int ParentPid, string Program, RecordedRun Run)> Children => _all;

    /// <summary>The recording of the process that was launched.</summary>
    public RecordedRun Root { get; private set; } = null!;

    /// <summary>How many were not followed.</summary>
    public long NotFollowed => Root.State.Health.NotFollowed + _all.Values.Sum(child => child.Run.State.Health.NotFollowed);

    public static async Task<RecordedFamily> OfAsync(WinePrefix wine, params string[] command)
    {
        var name = Path.Combine(wine.Folder, $"{Guid.NewGuid():N}");
        var family = new RecordedFamily();
        using var agent = wine.Start(wine.Agent, ["record", "--children", "--output", WinePrefix.WindowsPath($"{name}.wvmr"), "--", .. command]);
        var left = int.MaxValue;
        while (left > 0)
        {
            var line = (await agent.ReadLineAsync()).TrimEnd('\r');
            family.Output.Add(line);
            left--;
            if (InAll().Match(line) is { Success: true } all)
            {
                (family.Pid, left) = (Number(all.Groups[1].Value), int.Parse(all.Groups[2].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) - 1);
            }
            else if (Child().Match(line) is { Success: true } child)
            {
                var pid = Number(child.Groups[1].Value);
                var file = $"{name}.{pid}.wvmr";
                if (File.Exists(file))
                {
                    family._all.Add(pid, (Number(child.Groups[2].Value), child.Groups[3].Value, await RecordedRun.ReadAsync(file, [])));
                }
            }
        }
        Assert.Equal((0, ""), (await agent.EndAsync(), agent.Errors));
        family.Root = await RecordedRun.ReadAsync($"{name}.wvmr", family.Output);
        return family;
    }

    /// <summary>The recording of one of them.</summary>
    public RecordedRun Of(int pid) => pid == Pid ? Root : _all[pid].Run;

    /// <summary>What each process said that its function <c>plain</c> did.</summary>
    public SortedDictionary<int, Counts> Said() =>
        new(Counts.Said(Output).ToDictionary(said => Number(said.Key.Split('/')[0]), said => said.Value));

    /// <summary>What was recorded of <c>plain</c> in each of these processes.</summary>
    public SortedDictionary<int, Counts> Recorded(IEnumerable<int> pids) => new(pids.ToDictionary(pid => pid, pid => Of(pid).ByFunction(["plain"]).GetValueOrDefault("plain")));

    /// <summary>What each said of whose child it is.</summary>
    public Dictionary<int, int> Parents() =>
        Output.Select(line => line.Split(' ')).Where(words => words[0] == "parent").ToDictionary(words => Number(words[1]), words => Number(words[2]));

    [GeneratedRegex(@"^Process (\d+) and those that it started were ([\d,]+) in all:$")]
    private static partial Regex InAll();

    [GeneratedRegex(@"^ *(\d+) of (\d+), (.+?): (?:[\d,]+ allocations|nothing allocated)")]
    private static partial Regex Child();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
