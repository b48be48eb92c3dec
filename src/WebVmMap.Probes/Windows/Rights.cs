namespace WebVmMap.Probes.Windows;

/// <summary>What to tell people about rights that are missing, and how to get them.</summary>
internal static class Rights
{
    public const string DeniedMessage =
        "Access to the process is denied: run the agent as administrator or as a service. Protected processes cannot be read by anyone.";

    public const string KernelMessage =
        "This is the Windows kernel: it has no address space of its own to show.";

    public const string ProtectedMessage =
        "Windows protects this process: its memory cannot be read, not even by an administrator.";

    public const string MissingQuotaMessage =
        "The right to change the working set of the process (PROCESS_SET_QUOTA) was refused: run the agent as administrator or as a service. Protected processes let nobody do it.";

    public const string MissingReadMessage =
        "the right to read the process was refused. Run the agent as administrator or as a service; protected processes cannot be read by anyone.";

    public const string NotElevatedMessage =
        "The agent does not run as administrator: only processes of its own user can be inspected. Run it as administrator or install it as a service.";

    public const string NoDebugPrivilegeMessage =
        "The agent has no debug privilege (SeDebugPrivilege): processes of other users and services cannot be inspected. Run it as administrator or install it as a service.";
}
