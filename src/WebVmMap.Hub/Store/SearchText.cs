namespace WebVmMap.Hub.Store;

/// <summary>
/// What a search looks through. Folded here and not in the database: SQLite folds only ASCII letters, and PostgreSQL what its locale says.
/// </summary>
internal static class SearchText
{
    /// <summary>The texts of a snapshot, folded, a line each, so that no match spans two of them.</summary>
    public static string Of(params ReadOnlySpan<string> texts) => Fold(string.Join('\n', texts));

    /// <summary>What to look for.</summary>
    public static string Fold(string text) => text.ToLowerInvariant();
}
