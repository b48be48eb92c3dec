using System.Runtime.CompilerServices;
using System.Text;

namespace WebVmMap.Demo;

/// <summary>No leak: managed garbage that the collector takes back, seen as a saw tooth of the managed heap.</summary>
internal sealed class ReportService
{
    private readonly Queue<string> _recent = new();

    /// <summary>Writes a report of about 200 KiB and keeps the last fifty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void WriteReport()
    {
        var text = new StringBuilder();
        for (var line = 0; line < 2_000; line++)
        {
            text.Append("line ").Append(line).Append(" of a report that is soon forgotten, so that it becomes garbage\n");
        }
        _recent.Enqueue(text.ToString());
        if (_recent.Count > 50)
        {
            _recent.Dequeue();
        }
    }
}
