namespace WebVmMap.Probes.Windows;

/// <summary>One process in the answer of NtQuerySystemInformation.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="ParentPid">Id of the process that started it; that one may be gone and its id another's.</param>
/// <param name="Created">Creation FILETIME: the same as GetProcessTimes tells.</param>
/// <param name="Name">File name of its executable; empty for the idle process.</param>
/// <param name="WorkingSet">Resident bytes.</param>
/// <param name="PrivateBytes">Commit charge in bytes; 0 when that is not told.</param>
/// <param name="Threads">Id and TEB of each thread; empty unless the extended class was asked.</param>
internal sealed record SystemProcessEntry(
    int Pid, int ParentPid, long Created, string Name, long WorkingSet, long PrivateBytes, IReadOnlyList<WindowsThread> Threads);
