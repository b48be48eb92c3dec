namespace WebVmMap.Probes.Linux;

/// <summary>The answers when a process cannot be looked at.</summary>
internal static class LinuxFailures
{
    /// <summary>No process has this id.</summary>
    public static ProbeFailure NotFound(int pid) => new(ProbeOutcome.NotFound, $"There is no process with the id {pid}.");

    /// <summary>It has ended.</summary>
    public static ProbeFailure Gone(int pid) => new(ProbeOutcome.Gone, $"Process {pid} has ended.");

    /// <summary>Its id belongs to another one.</summary>
    public static ProbeFailure Replaced(int pid) =>
        new(ProbeOutcome.Replaced, $"Process {pid} has ended, and its id belongs to another process now: choose it anew from the list.");

    /// <summary>The system refuses.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="user">Whose it is, when known.</param>
    public static ProbeFailure Denied(int pid, string user) => new(
        ProbeOutcome.Denied,
        user.Length > 0
            ? $"Process {pid} of user {user} may not be inspected by the agent: {Rights.Remedy}."
            : $"Process {pid} may not be inspected by the agent: {Rights.Remedy}.");

    /// <summary>A thread of the kernel.</summary>
    public static ProbeFailure KernelThread(int pid) =>
        new(ProbeOutcome.NoAddressSpace, $"Process {pid} is a kernel thread: it has no address space to inspect.");

    /// <summary>An id of a thread that is not its process's first.</summary>
    public static ProbeFailure IsThread(int pid, int process) =>
        new(ProbeOutcome.NoAddressSpace, $"{pid} is a thread of process {process}: inspect that process.");

    /// <summary>Anything else, by its errno.</summary>
    public static ProbeFailure Failed(int pid, string file, int error) =>
        new(ProbeOutcome.Failed, $"Reading /proc/{pid}/{file} failed: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");

    /// <summary>The answer to an errno of a file in <c>/proc/PID</c>.</summary>
    public static ProbeFailure From(int pid, string file, int error, string user) => error switch
    {
        Interop.Libc.ESRCH or Interop.Libc.ENOENT => Gone(pid),
        Interop.Libc.EACCES or Interop.Libc.EPERM => Denied(pid, user),
        _ => Failed(pid, file, error),
    };
}
