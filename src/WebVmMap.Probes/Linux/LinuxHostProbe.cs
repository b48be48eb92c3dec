using System.Runtime.Versioning;
using WebVmMap.Core.Processes;
using WebVmMap.Probes.Linux.ProcFs;

namespace WebVmMap.Probes.Linux;

/// <summary>Linux on x64, by <c>/proc</c>: no kernel module, no debugger, no process is ever stopped.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxHostProbe : IHostProbe
{
    private readonly ProcessReader _reader;
    private readonly Rights _rights;

    /// <summary>Looks once at the machine and at what this program may do.</summary>
    public LinuxHostProbe()
    {
        _rights = Rights.Current();
        _reader = new ProcessReader(_rights);
        Host = HostFacts.Describe(_rights);
    }

    /// <inheritdoc/>
    public HostDescription Host { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ProcessInfo> ListProcesses() => _reader.ReadAll();

    /// <inheritdoc/>
    public ProbeResult<IProcessProbe> Open(int pid, long? startStamp)
    {
        if (pid <= 0)
        {
            return LinuxFailures.NotFound(pid);
        }
        var error = ProcDirectory.Open(pid, out var directory);
        if (directory is null)
        {
            return error is Interop.Libc.EACCES or Interop.Libc.EPERM
                ? LinuxFailures.Denied(pid, "")
                : startStamp is null ? LinuxFailures.NotFound(pid) : LinuxFailures.Gone(pid);
        }
        var opened = LinuxProcessProbe.Open(pid, startStamp, directory, _reader);
        if (!opened.TryGet(out _))
        {
            directory.Dispose();
        }
        return opened;
    }
}
