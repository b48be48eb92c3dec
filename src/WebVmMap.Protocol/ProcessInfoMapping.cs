using WebVmMap.Core.Processes;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Protocol;

/// <summary>A row of a process list, on the wire and in Core.</summary>
public static class ProcessInfoMapping
{
    /// <summary>To the wire. Texts longer than <see cref="AgentProtocol.TextBytes"/> are cut.</summary>
    public static ProcessRow ToWire(this ProcessInfo process) => new()
    {
        Pid = process.Key.Pid,
        StartStamp = process.Key.StartStamp,
        ParentPid = process.ParentPid,
        Name = WireText.Bounded(process.Name),
        CommandLine = WireText.Bounded(process.CommandLine),
        User = WireText.Bounded(process.User),
        Architecture = WireText.Bounded(process.Architecture),
        Managed = process.Managed,
        StartTimeUnixMs = process.StartTime.ToUnixTimeMilliseconds(),
        PrivateBytes = process.PrivateBytes,
        WorkingSetBytes = process.WorkingSetBytes,
        Limitation = WireText.Bounded(process.Limitation),
    };

    /// <summary>From the wire.</summary>
    /// <exception cref="InvalidDataException">A figure is negative, a time outside the calendar, or a text too long; one sentence says which.</exception>
    public static ProcessInfo ToCore(this ProcessRow row) => new()
    {
        Key = new ProcessKey(NotNegative(row.Pid, "id"), row.StartStamp),
        ParentPid = NotNegative(row.ParentPid, "parent's id"),
        Name = WireText.Checked(row.Name, "name"),
        CommandLine = WireText.Checked(row.CommandLine, "command line"),
        User = WireText.Checked(row.User, "user"),
        Architecture = WireText.Checked(row.Architecture, "architecture"),
        Managed = row.Managed,
        StartTime = WireTime.FromWire(row.StartTimeUnixMs),
        PrivateBytes = NotNegative(row.PrivateBytes, "private bytes"),
        WorkingSetBytes = NotNegative(row.WorkingSetBytes, "working set"),
        Limitation = WireText.Checked(row.Limitation, "limitation"),
    };

    private static int NotNegative(int value, string field) => (int)NotNegative((long)value, field);

    private static long NotNegative(long value, string field) =>
        value >= 0 ? value : throw new InvalidDataException($"The {field} of a process is negative: {value}.");
}
