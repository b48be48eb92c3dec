using System.Globalization;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Export;

/// <summary>
/// A call tree as folded stacks, one a line, outermost function first: <c>main;work;malloc 4096</c>, as flamegraph.pl and its kin
/// read (https://github.com/brendangregg/FlameGraph). Semicolons and line ends within a name become other characters.
/// </summary>
public static class FoldedStacks
{
    /// <summary>Writes the stacks in the order of the tree.</summary>
    /// <param name="output">Where to; give it UTF-8.</param>
    /// <param name="tree">A tree from the outermost function on, whose metric is written.</param>
    public static void Write(TextWriter output, CallTree tree)
    {
        var path = new List<string>();
        foreach (var node in tree.Nodes)
        {
            if (node.Depth > 0)
            {
                path.RemoveRange(node.Depth - 1, path.Count - (node.Depth - 1));
                path.Add(Name(node.Place.Function));
            }
            if (node.Own[tree.Options.Metric] is > 0 and var value)
            {
                output.Write(path.Count == 0 ? "[all]" : string.Join(';', path));
                output.Write(' ');
                output.Write(value.ToString(CultureInfo.InvariantCulture));
                output.Write('\n');
            }
        }
    }

    private static string Name(string function) =>
        function.AsSpan().IndexOfAny(';', '\n', '\r') < 0 ? function : function.Replace(';', ':').Replace('\n', ' ').Replace('\r', ' ');
}
