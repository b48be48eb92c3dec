using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Api;

/// <summary>A process of a list.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="ParentPid">Its parent's id, 0 when there is none.</param>
/// <param name="StartTime">When it started, UTC.</param>
/// <param name="StartStamp">With the pid its identity, decimal digits.</param>
/// <param name="Name">Name of the executable.</param>
/// <param name="CommandLine">Arguments joined by blanks.</param>
/// <param name="User">Account it runs as.</param>
/// <param name="Architecture"><c>x64</c>, <c>x86</c>, <c>arm64</c> or empty.</param>
/// <param name="Managed">Whether a .NET runtime is loaded.</param>
/// <param name="PrivateBytes">Private bytes by the system's counter.</param>
/// <param name="WorkingSetBytes">Resident bytes by the system's counter.</param>
/// <param name="Limitation">Why it cannot be inspected; empty when it can.</param>
internal sealed record ProcessDto(
    int Pid, int ParentPid, DateTime StartTime, string StartStamp, string Name, string CommandLine, string User, string Architecture, bool Managed,
    long PrivateBytes, long WorkingSetBytes, string Limitation)
{
    public static ProcessDto Of(ProcessInfo process) => new(
        process.Key.Pid, process.ParentPid, process.StartTime.UtcDateTime,
        process.Key.StartStamp.ToString(System.Globalization.CultureInfo.InvariantCulture), process.Name, process.CommandLine,
        process.User, process.Architecture, process.Managed, process.PrivateBytes, process.WorkingSetBytes, process.Limitation);
}
