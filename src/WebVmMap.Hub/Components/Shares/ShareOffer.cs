using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Core.Redaction;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Shares;

namespace WebVmMap.Hub.Components.Shares;

/// <summary>What a person may make a link of, and what its receiver would get by which rules. Immutable.</summary>
/// <param name="Subject">What it shows.</param>
/// <param name="ViewState">How the page shows it now: the query of its address.</param>
/// <param name="Users">The accounts of the processes; empty where they are not known.</param>
/// <param name="Texts">Every text that goes out, by the rules: the way of what is sent.</param>
public sealed record ShareOffer(ShareSubject Subject, string ViewState, ImmutableArray<string> Users, Func<RedactionRules, ImmutableArray<ShareTexts>> Texts)
{
    /// <summary>The view as the receiver will get it.</summary>
    public string ViewOf(RedactionRules rules) => Users.IsEmpty
        ? ShareViewState.Redact(ViewState, Subject, rules, "")
        : Users.Aggregate(ViewState, (view, user) => ShareViewState.Redact(view, Subject, rules, user));

    /// <summary>Of a snapshot, or a comparison of two.</summary>
    public static ShareOffer Of(ShareSubject subject, string viewState, params ImmutableArray<(string HostName, Snapshot Snapshot)> sides) => new(
        subject, viewState, [.. sides.Select(side => side.Snapshot.Process.User)],
        rules => [.. sides.Select(side => ShareTexts.Of(side.HostName, side.Snapshot.Redact(rules)))]);

    /// <summary>Of a recording, as it is now.</summary>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public static async Task<ShareOffer> OfAsync(RecordingSources sources, Recording recording, string viewState, CancellationToken cancellation)
    {
        // The few texts that are in one are taken out of it once, not on the circuit, which answers clicks, and put in order when nothing
        // waits for it any more; which of them go out is decided as often as a rule is.
        var files = await Task.Run(async () => ShareTexts.Sorted(await sources.Whole.Recordings.ReadAsync(recording.Id, Files, cancellation) ?? []), cancellation);
        return new(ShareSubject.OfRecording(recording.Id), viewState, [], rules =>
        {
            var shown = RedactedRecordings.Redact(recording, rules);
            var redactor = new TextRedactor(rules, "");
            return
            [
                new ShareTexts(
                    [
                        ("Host", shown.HostName),
                        ("Process", shown.Subject),
                        ("Command line", shown.CommandLine),
                        .. shown.Marks.Select(mark => ("Mark", mark.Label)),
                        .. shown.Error.Length > 0 ? [("Error", shown.Error)] : Array.Empty<(string, string)>(),
                        ("Functions", "the names of all"),
                    ],
                    ShareTexts.Sorted(files.Select(redactor.Apply))),
            ];
        });
    }

    private static HashSet<string> Files(RecordingState state)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var module in state.Modules)
        {
            files.Add(module.Path);
            files.Add(module.Symbols);
        }
        for (var frame = 0; frame < state.Frames.Count; frame++)
        {
            foreach (var line in state.Lines(frame))
            {
                files.Add(line.File);
            }
        }
        return files;
    }
}
