using System.Collections.Frozen;
using CsCheck;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.ProcessList;

namespace WebVmMap.Components.Tests.ProcessList;

public sealed class ProcessTreeTests
{
    private static readonly FrozenSet<(string, int)> s_open = FrozenSet<(string, int)>.Empty;

    // Parents are drawn freely: absent ones, later ones and circles are among them.
    private static readonly Gen<List<ListedProcess>> s_lists =
        Gen.Select(Gen.Int[0, 30], Gen.Long[0, 1000], Gen.Int[0, 20]).List[0, 30].Select(rows => rows.Select((row, i) =>
            new ListedProcess(FakeHosts.Linux, Samples.Node with
            {
                Key = new ProcessKey(i + 1, row.Item3),
                ParentPid = row.Item1,
                Name = $"p{i % 4}",
                PrivateBytes = row.Item2,
                WorkingSetBytes = row.Item2 * 2,
            })).ToList());

    [Fact]
    public void Build_Tree_ShowsEveryProcessOnceAndTheTopsAddUpToAll() =>
        Gen.Select(s_lists, Gen.Enum<ProcessColumn>(), Gen.Bool).Sample((list, column, descending) =>
        {
            var rows = ProcessTree.Build(list, new("", new(column, descending), true), s_open);
            Assert.Equal(list.Select(l => l.Process.Key.Pid).Order(), rows.Select(r => r.Listed.Process.Key.Pid).Order());
            var tops = rows.Where(r => r.Level == 1).ToList();
            Assert.Equal(list.Sum(l => l.Process.PrivateBytes), tops.Sum(r => r.PrivateBytes));
            Assert.Equal(list.Sum(l => l.Process.WorkingSetBytes), tops.Sum(r => r.WorkingSetBytes));
            Assert.Equal(list.Count, tops.Sum(r => r.Descendants + 1));
        });

    [Fact]
    public void Build_Held_SiblingsKeepTheirOrderAndTheTreeItsShape() =>
        Gen.Select(s_lists, Gen.Bool, Gen.Int[1, 1000]).Sample((list, tree, factor) =>
        {
            var query = new ProcessQuery("", ProcessSort.Default, tree);
            var before = ProcessTree.Build(list, query, s_open);
            var changed = list.Select(l => l with { Process = l.Process with { PrivateBytes = (l.Process.PrivateBytes + 1) * factor % 1009 } }).ToList();
            var after = ProcessTree.Build(changed, query, s_open, new HeldOrder<(string, int)>(before.Select(r => r.Key)));
            Assert.Equal(before.Select(r => (r.Key, r.Level)), after.Select(r => (r.Key, r.Level)));
        });

    [Fact]
    public void Build_HeldAndANewOneComes_ItStandsAfterItsSiblings()
    {
        List<ListedProcess> list = [Process(1, 0, 50), Process(2, 1, 10), Process(3, 1, 20)];
        var query = new ProcessQuery("", ProcessSort.Default, true);
        var before = ProcessTree.Build(list, query, s_open);
        var held = new HeldOrder<(string, int)>(before.Select(r => r.Key));
        var after = ProcessTree.Build([.. list, Process(4, 1, 900), Process(5, 0, 9000)], query, s_open, held);
        Assert.Equal([1, 3, 2, 4, 5], after.Select(r => r.Key.Pid));
        Assert.True(held.HasMoved);
    }

    [Fact]
    public void Build_Tree_EveryRowIsItselfAndTheRowsBelowIt() => s_lists.Sample(list =>
    {
        var rows = ProcessTree.Build(list, new("", ProcessSort.Default, true), s_open);
        for (var i = 0; i < rows.Count; i++)
        {
            var below = rows.Skip(i + 1).TakeWhile(r => r.Level > rows[i].Level).ToList();
            Assert.Equal(rows[i].Listed.Process.PrivateBytes + below.Sum(r => r.Listed.Process.PrivateBytes), rows[i].PrivateBytes);
            Assert.Equal(below.Count, rows[i].Descendants);
        }
    });

    [Fact]
    public void Build_Search_KeepsTheWayToWhatMatches()
    {
        var parent = Listed(1, 0, "init", 1);
        var child = Listed(2, 1, "dotnet", 2);
        var other = Listed(3, 1, "bash", 3);
        var rows = ProcessTree.Build([parent, child, other], new("dotnet", ProcessSort.Default, true), s_open);
        Assert.Equal(["init", "dotnet"], rows.Select(r => r.Listed.Process.Name));
        Assert.Equal([false, true], rows.Select(r => r.Matches));
    }

    [Fact]
    public void Build_ParentYoungerThanItsChild_IsNotItsParent()
    {
        var reused = Listed(1, 0, "new", 50);
        var orphan = Listed(2, 1, "old", 10);
        Assert.All(ProcessTree.Build([reused, orphan], new("", ProcessSort.Default, true), s_open), row => Assert.Equal(1, row.Level));
    }

    [Fact]
    public void Build_SamePidOnTwoHosts_StaysApart()
    {
        var here = Listed(1, 0, "a", 1);
        var there = new ListedProcess(FakeHosts.Windows, Listed(2, 1, "b", 2).Process);
        Assert.All(ProcessTree.Build([here, there], new("", ProcessSort.Default, true), s_open), row => Assert.Equal(1, row.Level));
    }

    [Fact]
    public void Build_Collapsed_HidesWhatIsBelowAndKeepsTheSum()
    {
        var rows = ProcessTree.Build(
            [Listed(1, 0, "init", 1), Listed(2, 1, "child", 2)],
            new("", ProcessSort.Default, true),
            new[] { (FakeHosts.Linux.Id, 1) }.ToFrozenSet());
        var only = Assert.Single(rows);
        Assert.Equal((false, 200L), (only.Expanded, only.PrivateBytes));
    }

    private static ListedProcess Listed(int pid, int parent, string name, long start) => new(
        FakeHosts.Linux, Samples.Node with { Key = new ProcessKey(pid, start), ParentPid = parent, Name = name, PrivateBytes = 100, CommandLine = "" });

    private static ListedProcess Process(int pid, int parent, long privateBytes) =>
        new(FakeHosts.Linux, Samples.Node with { Key = new ProcessKey(pid, pid), ParentPid = parent, PrivateBytes = privateBytes });
}
