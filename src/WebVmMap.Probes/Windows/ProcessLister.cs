using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Windows;

/// <summary>Lists processes. What does not change in a process's life is asked once. Thread-safe.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ProcessLister
{
    private const int IdlePid = 0;
    private const int SystemPid = 4;

    // A program loads the runtime of .NET in its first moments or not at all, nearly always.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(30);
    private static readonly long s_lastTime = DateTime.MaxValue.ToFileTimeUtc();

    private readonly Lock _lock = new();
    private readonly AccountNames _accounts = new();
    private readonly TimeProvider _time;
    private Dictionary<ProcessKey, Details> _known = [];

    /// <summary>Uses a clock.</summary>
    public ProcessLister(TimeProvider time) => _time = time;

    /// <summary>Every process but the idle one.</summary>
    public List<ProcessInfo> List()
    {
        var entries = SystemProcessQuery.Processes();
        lock (_lock)
        {
            var known = new Dictionary<ProcessKey, Details>(entries.Count);
            var list = new List<ProcessInfo>(entries.Count);
            foreach (var entry in entries)
            {
                if (entry.Pid == IdlePid)
                {
                    continue;
                }
                var key = new ProcessKey(entry.Pid, entry.Created);
                var details = _known.TryGetValue(key, out var before) && before.IsFinal ? before : Ask(entry);
                if (details is null)
                {
                    continue;
                }
                known[key] = details;
                list.Add(Row(entry, details));
            }
            _known = known;
            return list;
        }
    }

    /// <summary>One process.</summary>
    /// <returns>Null when it is gone.</returns>
    public ProcessInfo? Find(int pid)
    {
        var entry = SystemProcessQuery.Processes().Find(p => p.Pid == pid);
        return entry is not null && Ask(entry) is { } details ? Row(entry, details) : null;
    }

    private static ProcessInfo Row(SystemProcessEntry entry, Details details) => new()
    {
        Key = new ProcessKey(entry.Pid, entry.Created),
        ParentPid = entry.ParentPid,
        Name = entry.Name.Length > 0 ? TargetText.Printable(entry.Name) : $"Process {entry.Pid}",
        CommandLine = details.CommandLine,
        User = details.User,
        Architecture = details.Architecture,
        Managed = details.Managed,
        StartTime = StartOf(entry),
        PrivateBytes = entry.PrivateBytes,
        WorkingSetBytes = entry.WorkingSet,
        Limitation = details.Limitation,
    };

    // The parts of the kernel that are listed as processes have no time of their own, and under Wine a time was seen that is none.
    private static DateTimeOffset StartOf(SystemProcessEntry entry) =>
        entry.Created > 0 && entry.Created <= s_lastTime ? new DateTimeOffset(DateTime.FromFileTimeUtc(entry.Created)) : DateTimeOffset.UnixEpoch;

    private Details? Ask(SystemProcessEntry entry)
    {
        if (entry.Pid == SystemPid)
        {
            return new Details { Limitation = Rights.KernelMessage, IsFinal = true };
        }
        using var readable = Open(entry.Pid, ProcessRights.QueryInformation | ProcessRights.VirtualMemoryRead, out var error);
        if (!readable.IsInvalid)
        {
            var managed = HasManagedRuntime(readable);
            return Describe(readable) with
            {
                Managed = managed,
                IsFinal = managed || _time.GetUtcNow() - StartOf(entry) > s_settled,
            };
        }
        if (error == WindowsError.InvalidParameter)
        {
            return null;
        }
        using var limited = Open(entry.Pid, ProcessRights.QueryLimitedInformation, out error);
        if (limited.IsInvalid)
        {
            return error == WindowsError.InvalidParameter ? null : new Details { Limitation = Rights.DeniedMessage };
        }
        return Describe(limited) with
        {
            Limitation = ProcessInformation.IsProtected(limited) ? Rights.ProtectedMessage : Rights.DeniedMessage,
            IsFinal = true,
        };
    }

    private Details Describe(SafeProcessHandle process) => new()
    {
        CommandLine = TargetText.Printable(ProcessInformation.CommandLine(process)),
        User = TargetText.Printable(_accounts.Of(process)),
        Architecture = ProcessInformation.Architecture(process),
    };

    private static SafeProcessHandle Open(int pid, ProcessRights rights, out int error)
    {
        var handle = Interop.Kernel32.OpenProcess(rights, inherit: false, (uint)pid);
        error = Marshal.GetLastPInvokeError();
        return handle;
    }

    private static unsafe bool HasManagedRuntime(SafeProcessHandle process)
    {
        const uint AllModules = 3;
        const int NameLength = 64;
        var modules = new nint[1024];
        var name = stackalloc char[NameLength];
        fixed (nint* first = modules)
        {
            if (!Interop.Kernel32.K32EnumProcessModulesEx(process, first, (uint)(modules.Length * sizeof(nint)), out var needed, AllModules))
            {
                return false;
            }
            var count = Math.Min(modules.Length, (int)(needed / sizeof(nint)));
            for (var i = 0; i < count; i++)
            {
                var length = Interop.Kernel32.K32GetModuleBaseNameW(process, modules[i], name, NameLength);
                if (ManagedRuntimes.IsOne(new ReadOnlySpan<char>(name, (int)length)))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private sealed record Details
    {
        public string CommandLine { get; init; } = "";

        public string User { get; init; } = "";

        public string Architecture { get; init; } = "";

        public bool Managed { get; init; }

        public string Limitation { get; init; } = "";

        /// <summary>True when asking again would give the same.</summary>
        public bool IsFinal { get; init; }
    }
}
