using WebVmMap.Core.Processes;

namespace WebVmMap.Probes;

/// <summary>What an operating system tells about its processes. Thread-safe.</summary>
public interface IHostProbe
{
    /// <summary>This machine.</summary>
    HostDescription Host { get; }

    /// <summary>Every process that can be seen, in no order. One that ends meanwhile is left out.</summary>
    IReadOnlyList<ProcessInfo> ListProcesses();

    /// <summary>Opens a process for repeated looks.</summary>
    /// <param name="pid">Its id.</param>
    /// <param name="startStamp">Its start stamp, so that a later process with the same id is not taken for it; null takes whichever has the id.</param>
    ProbeResult<IProcessProbe> Open(int pid, long? startStamp);
}
