namespace WebVmMap.Hub.Live;

/// <summary>Which process to watch.</summary>
/// <param name="HostId">The host.</param>
/// <param name="Pid">Its id there.</param>
/// <param name="StartStamp">Its start stamp; 0 takes whichever process has the id now.</param>
public readonly record struct LiveProcessAddress(string HostId, int Pid, long StartStamp);
