namespace WebVmMap.Agent.Service;

/// <summary>The text of the systemd unit (https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html).</summary>
internal static class SystemdUnit
{
    /// <summary>Writes the unit.</summary>
    /// <param name="program">Full path of the agent.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environmentFile">File with the key; may be absent.</param>
    /// <param name="pagesOut">It may take other processes' pages out of memory.</param>
    public static string Text(string program, IReadOnlyList<string> arguments, string environmentFile, bool pagesOut) => $"""
        [Unit]
        Description=WebVmMap agent: shows a hub the memory of this machine's processes
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=exec
        ExecStart={QuoteProgram(program)} {string.Join(' ', arguments.Select(QuoteArgument))}
        EnvironmentFile=-{EscapePath(environmentFile)}
        Restart=always
        RestartSec=15
        # 1: the hub refuses the key; 2: the arguments are wrong. Starting again would change neither.
        RestartPreventExitStatus=1 2
        # Other users' processes are read with the first two rights{(pagesOut ? ", and their pages taken out of memory with the third" : "")}; the agent has no other of root's.
        CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH{(pagesOut ? " CAP_SYS_NICE" : "")}
        NoNewPrivileges=yes
        ProtectSystem=strict
        ProtectHome=read-only
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
        LockPersonality=yes
        RestrictRealtime=yes

        [Install]
        WantedBy=multi-user.target

        """;

    // Double quotes with C escapes; % begins a specifier and $ a variable unless doubled.
    private static string QuoteArgument(string argument) => QuoteProgram(argument).Replace("$", "$$", StringComparison.Ordinal);

    // No variables are replaced in the program's path.
    private static string QuoteProgram(string path) =>
        "\"" + path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal) + "\"";

    private static string EscapePath(string path) => path.Replace("%", "%%", StringComparison.Ordinal);
}
