namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>Which processes show, and how.</summary>
/// <param name="Search">Words, all of which must be found: in name, arguments, user or host, or as the pid.</param>
/// <param name="Sort">The order.</param>
/// <param name="Tree">Children under parents.</param>
public sealed record ProcessQuery(string Search, ProcessSort Sort, bool Tree);
