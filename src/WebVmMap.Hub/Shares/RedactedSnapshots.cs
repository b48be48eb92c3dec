using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using WebVmMap.Core.Redaction;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Shares;

/// <summary>Redacted snapshots, each kept as long as the whole one is: a page and its picture ask for the same one. Thread-safe.</summary>
internal sealed class RedactedSnapshots
{
    private readonly ConditionalWeakTable<Snapshot, ConcurrentDictionary<RedactionRules, Snapshot>> _kept = [];

    public Snapshot Of(Snapshot snapshot, RedactionRules rules) => rules.IsNone
        ? snapshot
        : _kept.GetValue(snapshot, static _ => []).GetOrAdd(rules, static (wanted, whole) => whole.Redact(wanted), snapshot);
}
