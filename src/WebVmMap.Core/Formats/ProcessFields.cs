using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Formats;

/// <summary>The process of a stored snapshot.</summary>
internal static class ProcessFields
{
    /// <exception cref="ArgumentException">A figure that cannot be negative is.</exception>
    public static void Write(FormatWriter writer, ProcessInfo process)
    {
        writer.Unsigned(process.Key.Pid, "process id");
        writer.ZigZag(process.Key.StartStamp);
        writer.Unsigned(process.ParentPid, "parent's process id");
        writer.Text(process.Name);
        writer.Text(process.CommandLine);
        writer.Text(process.User);
        writer.Text(process.Architecture);
        writer.Byte(process.Managed ? (byte)1 : (byte)0);
        writer.ZigZag(process.StartTime.ToUnixTimeMilliseconds());
        writer.Unsigned(process.PrivateBytes, "private bytes of the process");
        writer.Unsigned(process.WorkingSetBytes, "working set of the process");
        writer.Text(process.Limitation);
    }

    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static ProcessInfo Read(ref FormatReader reader) => new()
    {
        Key = new ProcessKey((int)reader.Varint("process id", int.MaxValue), reader.ZigZag("start stamp")),
        ParentPid = (int)reader.Varint("parent's process id", int.MaxValue),
        Name = reader.Text("process name"),
        CommandLine = reader.Text("command line"),
        User = reader.Text("user"),
        Architecture = reader.Text("architecture"),
        Managed = reader.Byte("managed flag") switch
        {
            0 => false,
            1 => true,
            var flag => throw new InvalidDataException($"The managed flag is {flag}; it is 0 or 1."),
        },
        StartTime = UnixTime.FromMilliseconds(reader.ZigZag("start time"), "start time"),
        PrivateBytes = (long)reader.Varint("private bytes of the process", long.MaxValue),
        WorkingSetBytes = (long)reader.Varint("working set of the process", long.MaxValue),
        Limitation = reader.Text("limitation"),
    };
}
