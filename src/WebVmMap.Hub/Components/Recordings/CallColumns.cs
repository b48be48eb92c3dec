using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>The columns of the call tree.</summary>
internal static class CallColumns
{
    /// <summary>The column of shares.</summary>
    public const string Share = "share";

    /// <summary>All columns, without the looks of cells that are more than text.</summary>
    /// <param name="model">The model of the moment.</param>
    /// <param name="metric">The figure of shares.</param>
    /// <param name="isCompared">Whether another span is compared with: then figures say how much more there is than in that.</param>
    public static List<GridColumn<CallRow>> Of(Func<CallModel> model, AllocationMetric metric, bool isCompared)
    {
        var columns = new List<GridColumn<CallRow>>
        {
            new()
            {
                Id = CallSort.Function,
                Title = "Function (module)",
                Width = 360,
                Flex = 1,
                Beside = 190,
                Text = row => Name(model(), row.Node),
                Hint = row => Hint(model(), row.Node),
            },
        };
        foreach (var shown in MetricWords.All)
        {
            columns.Add(new()
            {
                Id = MetricWords.Key(shown),
                Title = MetricWords.Title(shown),
                Meaning = isCompared ? $"{MetricWords.Meaning(shown)} How much more or less than in the span that is compared with." : MetricWords.Meaning(shown),
                Width = MetricWords.IsBytes(shown) ? 92 : 98,
                Numeric = true,
                Text = row => isCompared ? MetricWords.Growth(shown, model().Tree.Value(row.Node, shown)) : MetricWords.Cell(shown, model().Tree.Nodes[row.Node].Total[shown]),
                Hint = row => Figures(model(), row.Node, shown),
            });
        }
        columns.Add(new()
        {
            Id = Share,
            Title = isCompared ? "Change" : "Share",
            Meaning = isCompared ? $"Of the {MetricWords.Lower(metric)} that it had before." : $"Of all {MetricWords.Lower(metric)}.",
            Width = isCompared ? 90 : 150,
            Numeric = true,
            Text = row => isCompared ? ChangeText(model(), row.Node, metric) : ShareText(ShareOf(model(), row.Node, metric)),
        });
        return columns;
    }

    /// <summary>Function and, in brackets, the file of its module.</summary>
    public static string Name(CallModel model, int node)
    {
        var place = model.Tree.Nodes[node].Place;
        var module = PathParts.Split(place.Module).File;
        return node == 0 ? "All" : module.Length == 0 ? place.Function : $"{place.Function} ({module})";
    }

    /// <summary>A node's share of the whole, from 0 to 1.</summary>
    public static double ShareOf(CallModel model, int node, AllocationMetric metric) =>
        model.Tree.Root.Total[metric] is > 0 and var whole ? (double)model.Tree.Nodes[node].Total[metric] / whole : 0;

    /// <summary><c>12.3 %</c>, nothing for zero.</summary>
    public static string ShareText(double share) => share switch
    {
        0 => "",
        < 0.0005 => "< 0.1 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %"),
    };

    /// <summary><c>+12.3 %</c>, <c>new</c>, <c>gone</c>; nothing for what is as it was.</summary>
    public static string ChangeText(CallModel model, int node, AllocationMetric metric)
    {
        var (now, before) = (model.Tree.Nodes[node].Total[metric], model.Tree.Before[node][metric]);
        return now == before ? "" : before == 0 ? "+ new" : now == 0 ? "\u2212 gone"
            : string.Create(CultureInfo.InvariantCulture, $"{(now > before ? "+" : "\u2212")}{Math.Abs(now - before) * 100.0 / before:0.#} %");
    }

    private static string? Hint(CallModel model, int node)
    {
        var place = model.Tree.Nodes[node].Place;
        if (node == 0)
        {
            return null;
        }
        string[] lines = [place.Function, place.Module, place.File.Length == 0 ? "" : place.Line > 0 ? $"{place.File}:{place.Line}" : place.File];
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    private static string? Figures(CallModel model, int node, AllocationMetric metric)
    {
        var told = model.Tree.Nodes[node];
        var (total, own) = (told.Total[metric], told.Own[metric]);
        if (model.Tree.IsCompared)
        {
            var before = model.Tree.Before[node][metric];
            return total == 0 && before == 0 ? null : $"{Exact(before)} before\n{Exact(total)} now";
        }
        if (total == 0)
        {
            return null;
        }
        string Exact(long value) => MetricWords.IsBytes(metric) ? ByteText.Exact(value) : ByteText.Count(value);
        return node == 0 || own == total ? Exact(total) : $"{Exact(total)}\nof it itself {Exact(own)}";
    }
}
