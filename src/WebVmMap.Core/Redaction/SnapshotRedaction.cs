using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Redaction;

/// <summary>Writes a snapshot anew without what is not for everybody's eyes: nothing of it is left anywhere in the new one.</summary>
public static class SnapshotRedaction
{
    /// <summary>The snapshot without it; the same one when there is nothing to take out.</summary>
    public static Snapshot Redact(this Snapshot snapshot, RedactionRules rules)
    {
        if (rules.IsNone)
        {
            return snapshot;
        }
        var process = snapshot.Process;
        var redactor = new TextRedactor(rules, process.User);
        return new Snapshot(snapshot.Regions.WithTexts(redactor.Apply), snapshot.Bounds)
        {
            Platform = snapshot.Platform,
            Process = process with
            {
                CommandLine = rules.CommandLine ? "" : redactor.Apply(process.CommandLine),
                User = rules.User ? "" : process.User,
                Limitation = redactor.Apply(process.Limitation),
            },
            TakenAt = snapshot.TakenAt,
            Cost = snapshot.Cost,
            Counters = snapshot.Counters,
            Notes = [.. snapshot.Notes.Select(note => note with { Text = redactor.Apply(note.Text) })],
        };
    }
}
