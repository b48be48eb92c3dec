using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using WebVmMap.Core.Processes;
using WebVmMap.Probes.Linux.ProcFs;

namespace WebVmMap.Probes.Linux;

/// <summary>Reads the rows of a process list. Thread-safe: what it keeps between two lists is.</summary>
internal sealed class ProcessReader
{
    private const int CommandLineBytes = 4096;
    private const int MaxMapsBytes = 16 << 20;

    /// <summary>After this long a .NET program has loaded its runtime.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ProcessKey, ProcessFacts> _facts = new();
    private readonly UserNames _users = new();
    private readonly Rights _rights;
    private readonly DateTimeOffset _boot;
    private readonly long _ticksPerSecond;
    private long _list;

    /// <summary>Tells with these rights what can be inspected.</summary>
    public ProcessReader(Rights rights)
    {
        _rights = rights;
        _ticksPerSecond = Math.Max(1, Interop.Libc.SysConf(Interop.Libc.SC_CLK_TCK));
        _boot = BootTime();
    }

    /// <summary>Every process but the kernel's threads and those that have ended.</summary>
    public List<ProcessInfo> ReadAll()
    {
        var list = Interlocked.Increment(ref _list);
        var pids = new List<int>(512);
        if (ProcFile.Open("/proc\0"u8, out var root, directory: true) == 0)
        {
            using (root)
            {
                DirectoryNumbers.Read(root!, pids);
            }
        }
        var runtimes = DiagnosticSockets();
        var processes = new List<ProcessInfo>(pids.Count);
        foreach (var pid in pids)
        {
            if (ProcDirectory.Open(pid, out var directory) == 0)
            {
                using (directory)
                {
                    if (Read(directory!, pid, runtimes, list) is { } info)
                    {
                        processes.Add(info);
                    }
                }
            }
        }
        foreach (var (key, facts) in _facts)
        {
            if (facts.SeenInList < list)
            {
                _facts.TryRemove(key, out _);
            }
        }
        return processes;
    }

    /// <summary>One process.</summary>
    /// <returns>Null when it has ended, or is a thread of the kernel.</returns>
    public ProcessInfo? Read(ProcDirectory directory, int pid) => Read(directory, pid, DiagnosticSockets(pid), Volatile.Read(ref _list) + 1);

    /// <summary>The account that a process runs as.</summary>
    public string UserOf(uint uid) => _users[uid];

    private ProcessInfo? Read(ProcDirectory directory, int pid, HashSet<(int, long)> runtimes, long list)
    {
        Span<byte> buffer = stackalloc byte[8192];
        var length = directory.Read("stat\0"u8, buffer, out var error);
        if (error != 0 || !ProcStat.TryParse(buffer[..length], out var stat) || stat.IsKernelThread || stat.HasEnded)
        {
            return null;
        }
        var key = new ProcessKey(pid, stat.StartTicks);
        var parent = stat.ParentPid;
        var command = ProcText.Decode(stat.Command);
        length = directory.Read("status\0"u8, buffer, out error);
        var status = ProcStatus.Parse(buffer[..length]);
        if (error != 0 || status.VmSize is null)
        {
            return null;
        }
        length = directory.Read("cmdline\0"u8, buffer[..CommandLineBytes], out _);
        var arguments = ProcText.Decode(buffer[..length].TrimEnd((byte)0), zeroAs: ' ');
        var started = _boot.AddTicks(stat.StartTicks * TimeSpan.TicksPerSecond / _ticksPerSecond);
        var facts = Facts(directory, key, command, started, list);
        // Asked of the kernel itself: since 6.17 CAP_PERFMON will do too, and one's own process may be closed to one.
        var permitted = _rights.Everyone || CanOpenSmaps(directory);
        return new ProcessInfo
        {
            Key = key,
            ParentPid = parent,
            Name = facts.Name,
            CommandLine = arguments,
            User = _users[status.EffectiveUid],
            Architecture = facts.Architecture,
            Managed = facts.Managed || runtimes.Contains((pid, key.StartStamp)),
            StartTime = started,
            PrivateBytes = (status.RssAnon ?? 0) + (status.VmSwap ?? 0),
            WorkingSetBytes = status.VmRss ?? 0,
            Limitation = permitted ? "" : $"It runs as user {_users[status.EffectiveUid]} and is closed to the agent: to inspect it, {Rights.Remedy}.",
        };
    }

    private ProcessFacts Facts(ProcDirectory directory, ProcessKey key, string command, DateTimeOffset started, long list)
    {
        var settled = DateTimeOffset.UtcNow - started > s_settled;
        if (!_facts.TryGetValue(key, out var facts) || facts.Command != command || settled && !facts.LookedLate)
        {
            facts = new ProcessFacts(command, ExecutableName(directory, command), Architecture(directory), MapsRuntime(directory), settled);
            _facts[key] = facts;
        }
        facts.SeenInList = list;
        return facts;
    }

    private static bool CanOpenSmaps(ProcDirectory directory)
    {
        var error = directory.OpenFile("smaps\0"u8, out var smaps);
        smaps?.Dispose();
        return error is not (Interop.Libc.EACCES or Interop.Libc.EPERM);
    }

    /// <summary>The command's name has at most 15 bytes and may be anything; the executable's is the whole one where they begin alike.</summary>
    private static string ExecutableName(ProcDirectory directory, string command)
    {
        const string Deleted = " (deleted)";
        const int CommandBytes = 15;
        if (command.Length < CommandBytes || directory.ReadLink("exe\0"u8) is not { } path)
        {
            return command;
        }
        path = path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path;
        var name = ProcText.Decode(Encoding.UTF8.GetBytes(path[(path.LastIndexOf('/') + 1)..]));
        return name.StartsWith(command, StringComparison.Ordinal) ? name : command;
    }

    /// <summary>Class and machine of the executable's ELF header.</summary>
    private static string Architecture(ProcDirectory directory)
    {
        Span<byte> head = stackalloc byte[20];
        if (directory.Read("exe\0"u8, head, out _) < head.Length || !head.StartsWith("\u007fELF"u8))
        {
            return "";
        }
        return BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) switch
        {
            3 => "x86",
            62 => head[4] == 1 ? "x32" : "x64",
            183 => "arm64",
            40 => "arm",
            _ => "",
        };
    }

    /// <summary>Looks once through the names of what is mapped: a program with no diagnostics socket, and Mono.</summary>
    private static bool MapsRuntime(ProcDirectory directory)
    {
        if (directory.OpenFile("maps\0"u8, out var file) != 0)
        {
            return false;
        }
        using (file)
        {
            return MapsText.ContainsRuntime(file!, MaxMapsBytes);
        }
    }

    /// <summary>
    /// Every .NET runtime opens <c>/tmp/dotnet-diagnostic-PID-START-socket</c>, START being the very start stamp of the process:
    /// a leftover of an earlier process does not match. https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port
    /// </summary>
    private static HashSet<(int Pid, long Start)> DiagnosticSockets(int only = 0)
    {
        var sockets = new HashSet<(int, long)>();
        if (ProcFile.Open("/tmp\0"u8, out var directory, directory: true) != 0)
        {
            return sockets;
        }
        using (directory)
        {
            DirectoryNumbers.Visit(directory!, (sockets, only), static (name, state) =>
            {
                if (DiagnosticSocket.TryParse(name, out var pid, out var start) && (state.only == 0 || state.only == pid))
                {
                    state.sockets.Add((pid, start));
                }
            });
        }
        return sockets;
    }

    private static DateTimeOffset BootTime()
    {
        var buffer = new byte[256 * 1024]; // a line per processor and a counter per interrupt come first
        var text = buffer.AsSpan(0, ProcFile.Read("/proc/stat\0"u8, buffer, out _));
        var at = text.IndexOf("\nbtime "u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(text[(at + 7)..], out long seconds, out _)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64);
    }
}
