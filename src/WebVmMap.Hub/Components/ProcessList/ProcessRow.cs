namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>A visible row of a process list.</summary>
/// <param name="Listed">The process.</param>
/// <param name="Level">1 at the top.</param>
/// <param name="Expanded">Whether its children show; null when it has none, or the list is flat.</param>
/// <param name="PrivateBytes">Its private bytes; in the tree with those of all below it.</param>
/// <param name="WorkingSetBytes">Its working set; in the tree with those of all below it.</param>
/// <param name="Descendants">How many processes are below it.</param>
/// <param name="Matches">False for a row that shows only because something below it matches.</param>
public sealed record ProcessRow(
    ListedProcess Listed, int Level, bool? Expanded, long PrivateBytes, long WorkingSetBytes, int Descendants, bool Matches)
{
    /// <summary>What it is known by from one list to the next.</summary>
    public (string Host, int Pid) Key => (Listed.Host.Id, Listed.Process.Key.Pid);
}
