using System.Collections.Immutable;
using WebVmMap.Core.Redaction;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Recordings;
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
        // The few texts that are in one are taken out of it once; which of them go out is decided as often as a rule is.
        var files = await sources.Whole.Recordings.ReadAsync(recording.Id, state =>
            ShareTexts.Sorted(state.Modules.SelectMany(module => new[] { module.Path, module.Symbols })
                .Concat(Enumerable.Range(0, state.Frames.Count).SelectMany(frame => state.Lines(frame).Select(line => line.File)))), cancellation);
        return new(ShareSubject.OfRecording(recording.Id), viewState, [], rules =>
        {
            var shown = RedactedRecordings.Redact(recording, rules);
            var redactor = new TextRedactor(rules, "");
            return
            [
                new ShareTexts(
                    [
                        ("Host", shown.HostName),
                        ("Process", PhaseText.Subject(shown)),
                        ("Command line", shown.CommandLine),
                        .. shown.Marks.Select(mark => ("Mark", mark.Label)),
                        .. shown.Error.Length > 0 ? [("Error", shown.Error)] : Array.Empty<(string, string)>(),
                        ("Functions", "the names of all"),
                    ],
                    files.IsDefault ? [] : ShareTexts.Sorted(files.Select(redactor.Apply))),
            ];
        });
    }
}
