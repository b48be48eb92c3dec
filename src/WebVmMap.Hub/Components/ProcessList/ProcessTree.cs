using System.Runtime.InteropServices;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Grid;

namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>
/// Orders processes into visible rows: flat, or children under parents with the sums of each tree. A parent that is not
/// listed, or that started after its child and so merely was given the id, makes no tree; neither does a circle.
/// </summary>
public static class ProcessTree
{
    /// <summary>The rows that show.</summary>
    /// <param name="processes">Of one host or of several.</param>
    /// <param name="query">Search, order, shape.</param>
    /// <param name="collapsed">The trees that are closed: host id and pid.</param>
    /// <param name="held">The order to keep; null for that of the sort.</param>
    public static IReadOnlyList<ProcessRow> Build(
        IReadOnlyList<ListedProcess> processes, ProcessQuery query, IReadOnlySet<(string Host, int Pid)> collapsed, HeldOrder<(string Host, int Pid)>? held = null)
    {
        var words = query.Search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return query.Tree ? Tree(processes, query, words, collapsed, held) : Flat(processes, query, words, held);
    }

    private static List<ProcessRow> Flat(IReadOnlyList<ListedProcess> processes, ProcessQuery query, string[] words, HeldOrder<(string Host, int Pid)>? held)
    {
        var rows = processes.Where(p => Matches(p, words))
            .Select(p => new ProcessRow(p, 1, null, p.Process.PrivateBytes, p.Process.WorkingSetBytes, 0, true)).ToList();
        rows.Sort((a, b) => Compare(a, b, query.Sort));
        held?.Apply(CollectionsMarshal.AsSpan(rows), row => row.Key);
        return rows;
    }

    private static List<ProcessRow> Tree(
        IReadOnlyList<ListedProcess> processes, ProcessQuery query, string[] words, IReadOnlySet<(string Host, int Pid)> collapsed, HeldOrder<(string Host, int Pid)>? held)
    {
        var nodes = processes.Select(p => new Node(p)).ToList();
        var byId = new Dictionary<(string, int), Node>();
        foreach (var node in nodes)
        {
            byId[node.Id] = node;
        }
        var roots = new List<Node>();
        foreach (var node in nodes)
        {
            var process = node.Listed.Process;
            var isChild = process.ParentPid != 0
                && byId.TryGetValue((node.Listed.Host.Id, process.ParentPid), out var parent)
                && parent != node
                && StartedBefore(parent.Listed.Process, process)
                && !IsBelow(parent, node);
            if (isChild)
            {
                node.Parent = byId[(node.Listed.Host.Id, process.ParentPid)];
                node.Parent.Children.Add(node);
            }
            else
            {
                roots.Add(node);
            }
        }
        foreach (var root in roots)
        {
            Sum(root, words);
        }
        var rows = new List<ProcessRow>(nodes.Count);
        AddRows(rows, roots, 1, query.Sort, collapsed, held);
        return rows;
    }

    // A start stamp is the kernel's own clock, so of two processes of one host the smaller one is the older.
    private static bool StartedBefore(ProcessInfo parent, ProcessInfo child) => parent.Key.StartStamp <= child.Key.StartStamp;

    private static bool IsBelow(Node node, Node top)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at == top)
            {
                return true;
            }
        }
        return false;
    }

    private static void Sum(Node root, string[] words)
    {
        // Without recursion: a chain of processes may be as long as the list.
        var order = new List<Node> { root };
        for (var i = 0; i < order.Count; i++)
        {
            order.AddRange(order[i].Children);
        }
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var node = order[i];
            node.Matches = Matches(node.Listed, words);
            node.Shows = node.Matches || node.Children.Exists(c => c.Shows);
            node.PrivateBytes = node.Listed.Process.PrivateBytes + node.Children.Sum(c => c.PrivateBytes);
            node.WorkingSetBytes = node.Listed.Process.WorkingSetBytes + node.Children.Sum(c => c.WorkingSetBytes);
            node.Descendants = node.Children.Count + node.Children.Sum(c => c.Descendants);
        }
    }

    private static void AddRows(
        List<ProcessRow> rows, List<Node> roots, int level, ProcessSort sort, IReadOnlySet<(string Host, int Pid)> collapsed, HeldOrder<(string Host, int Pid)>? held)
    {
        var waiting = new Stack<(Node Node, int Level)>();
        Push(waiting, roots, level, sort, collapsed, held);
        while (waiting.TryPop(out var next))
        {
            rows.Add(Row(next.Node, next.Level, collapsed));
            if (!collapsed.Contains(next.Node.Id))
            {
                Push(waiting, next.Node.Children, next.Level + 1, sort, collapsed, held);
            }
        }
    }

    private static void Push(
        Stack<(Node, int)> waiting, List<Node> nodes, int level, ProcessSort sort, IReadOnlySet<(string Host, int Pid)> collapsed, HeldOrder<(string Host, int Pid)>? held)
    {
        var shown = nodes.Where(n => n.Shows).Select(n => (Node: n, Row: Row(n, level, collapsed))).ToList();
        shown.Sort((a, b) => Compare(a.Row, b.Row, sort));
        held?.Apply(CollectionsMarshal.AsSpan(shown), child => child.Row.Key);
        // The last one pushed comes out first.
        shown.Reverse();
        foreach (var (node, _) in shown)
        {
            waiting.Push((node, level));
        }
    }

    private static ProcessRow Row(Node node, int level, IReadOnlySet<(string Host, int Pid)> collapsed) => new(
        node.Listed,
        level,
        node.Children.Exists(c => c.Shows) ? !collapsed.Contains(node.Id) : null,
        node.PrivateBytes,
        node.WorkingSetBytes,
        node.Descendants,
        node.Matches);

    private static bool Matches(ListedProcess listed, string[] words)
    {
        var process = listed.Process;
        return Array.TrueForAll(words, word =>
            process.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
            || process.CommandLine.Contains(word, StringComparison.OrdinalIgnoreCase)
            || process.User.Contains(word, StringComparison.OrdinalIgnoreCase)
            || listed.Host.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
            || process.Key.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture) == word
            || (process.Managed && word is ".net" or ".NET"));
    }

    private static int Compare(ProcessRow a, ProcessRow b, ProcessSort sort)
    {
        var (x, y) = (a.Listed.Process, b.Listed.Process);
        var order = sort.Column switch
        {
            ProcessColumn.Name => string.Compare(x.Name, y.Name, StringComparison.OrdinalIgnoreCase),
            ProcessColumn.Host => string.Compare(a.Listed.Host.Name, b.Listed.Host.Name, StringComparison.OrdinalIgnoreCase),
            ProcessColumn.User => string.Compare(x.User, y.User, StringComparison.OrdinalIgnoreCase),
            ProcessColumn.Architecture => string.CompareOrdinal(x.Architecture, y.Architecture),
            ProcessColumn.Managed => x.Managed.CompareTo(y.Managed),
            ProcessColumn.PrivateBytes => a.PrivateBytes.CompareTo(b.PrivateBytes),
            ProcessColumn.WorkingSet => a.WorkingSetBytes.CompareTo(b.WorkingSetBytes),
            ProcessColumn.Started => x.StartTime.CompareTo(y.StartTime),
            ProcessColumn.CommandLine => string.Compare(x.CommandLine, y.CommandLine, StringComparison.OrdinalIgnoreCase),
            _ => x.Key.Pid.CompareTo(y.Key.Pid),
        };
        order = sort.Descending ? -order : order;
        return order != 0 ? order
            : x.Key.Pid != y.Key.Pid ? x.Key.Pid.CompareTo(y.Key.Pid)
            : string.CompareOrdinal(a.Listed.Host.Id, b.Listed.Host.Id);
    }

    private sealed class Node(ListedProcess listed)
    {
        public ListedProcess Listed => listed;

        public (string, int) Id => (listed.Host.Id, listed.Process.Key.Pid);

        public Node? Parent { get; set; }

        public List<Node> Children { get; } = [];

        public long PrivateBytes { get; set; }

        public long WorkingSetBytes { get; set; }

        public int Descendants { get; set; }

        public bool Matches { get; set; }

        public bool Shows { get; set; }
    }
}
