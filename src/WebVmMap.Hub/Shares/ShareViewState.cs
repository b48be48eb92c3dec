using Microsoft.AspNetCore.WebUtilities;
using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Shares;

/// <summary>The view state of a shared page: a filter or a selection names paths too.</summary>
internal static class ShareViewState
{
    // What says which snapshot is seen, and not how: the link itself says that.
    private static readonly string[] s_identity = ["a", "b", "start"];

    // Tokens of calls are made of the paths of their files: without these they mean nothing.
    private static readonly string[] s_calls = ["sel", "zoom", "callers", "module"];

    /// <summary>The state as it may be told.</summary>
    /// <param name="query">As in the page's address, with or without question mark.</param>
    /// <param name="subject">What the page shows.</param>
    /// <param name="rules">What is not to be told.</param>
    /// <param name="user">The account of the process; empty when not known.</param>
    public static string Redact(string query, ShareSubject subject, RedactionRules rules, string user)
    {
        var redactor = new TextRedactor(rules, user);
        var kept = QueryHelpers.ParseQuery(query)
            .Where(pair => !s_identity.Contains(pair.Key) && !(subject.RecordingId is not null && rules.Paths && s_calls.Contains(pair.Key)))
            .Select(pair => KeyValuePair.Create(pair.Key, Redact(pair.Key, pair.Value.ToString(), redactor)))
            .Where(pair => !string.IsNullOrEmpty(pair.Value));
        return QueryHelpers.AddQueryString("", kept).TrimStart('?');
    }

    private static string? Redact(string key, string value, TextRedactor redactor) => key switch
    {
        // Selected: tokens, one a line; a token ends with a detail as the regions have it.
        "sel" => string.Join('\n', value.Split('\n').Select(token => Token(token, redactor))),
        "zoom" => Token(value, redactor),
        // A filter that named what is hidden would find nothing any more.
        _ => redactor.Apply(value) == value ? value : null,
    };

    private static string Token(string token, TextRedactor redactor) =>
        token.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar ? string.Concat(token.AsSpan(0, bar + 1), redactor.Apply(token[(bar + 1)..])) : redactor.Apply(token);
}
