using WebVmMap.Core.Recordings;
using WebVmMap.Symbols;
using WebVmMap.Symbols.DotNet;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// Names of code that a program's runtime compiled in memory: a .NET runtime tells them itself, others write a perf map. Not thread-safe.
/// </summary>
internal sealed class CompiledCode : IDisposable
{
    /// <summary>What code is shown as that no file has.</summary>
    public const string Module = "[jit]";

    // A runtime that has just started has no socket yet, and what it compiles first is best told early: it is looked for often at first, and
    // the longer nothing comes the more seldom, by a part of how long it was waited for.
    private static readonly TimeSpan s_firstGlance = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan s_lastGlance = TimeSpan.FromSeconds(1);
    private const int PartOfAge = 16;

    // To find out what the process is takes many times what a glance at its socket does.
    private const int GlancesALook = 4;

    private readonly int _pid;
    private readonly bool _isOurMap;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _beginning;
    private RuntimeProcess _process;
    private RuntimeCode? _runtime;
    private PerfMap? _map;
    private string _refusal = "";

    private CompiledCode(int pid, bool wait, bool isOurMap)
    {
        (_pid, _isOurMap) = (pid, isOurMap);
        _process = RuntimeProcess.Of(pid);
        Begin();
        _beginning = wait && _runtime is null && _refusal.Length == 0 ? Task.Run(WaitAsync) : Task.CompletedTask;
    }

    /// <summary>Takes in what was told since the last time; it is found from then on.</summary>
    /// <returns>How much is known: while it stays as it is, what was not found is not found.</returns>
    public int Refresh()
    {
        _map ??= OperatingSystem.IsWindows() ? null : PerfMap.TryOpen(_process.OwnPid, _process.Root);
        return Volatile.Read(ref _runtime)?.Refresh() ?? 0;
    }

    /// <summary>Of a process that runs; returns when what it has compiled is known.</summary>
    public static CompiledCode Of(int pid) => new(pid, wait: false, isOurMap: false);

    /// <summary>Of a process that was just started.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="isOurMap">Whether its runtime writes a perf map only because it was started by us: it stops that when it tells names itself.</param>
    public static CompiledCode OfStarted(int pid, bool isOurMap) => new(pid, wait: true, isOurMap);

    /// <summary>Finds what an instruction comes from, as of the last <see cref="Refresh"/>.</summary>
    /// <param name="address">In the process; of a return address one less.</param>
    /// <returns>Null when nothing is known (yet).</returns>
    public RuntimeFrame? Find(ulong address)
    {
        if (Volatile.Read(ref _runtime)?.Find(address) is { } told)
        {
            return told.ModulePath.Length > 0 ? told : told with { ModulePath = Module, ModuleState = "code that a runtime compiled in memory: functions, as far as it told them" };
        }
        return _map?.Find(address) is { Length: > 0 } name
            ? new RuntimeFrame([new CodeLine(name, "", 0)], Module, $"functions without lines, from /tmp/perf-{_process.OwnPid}.map")
            : null;
    }

    /// <summary>What is said of an instruction of which nothing is known: only in which file it lies, if in any, and why there is no more.</summary>
    /// <param name="address">In the process.</param>
    public RuntimeFrame Unknown(ulong address)
    {
        var runtime = Volatile.Read(ref _runtime);
        var why = runtime is { Gap.Length: > 0 } ? runtime.Gap
            : runtime is not null ? "the .NET runtime told of no method there"
            : _refusal.Length > 0 ? $"the .NET runtime was asked at {_process.DiagnosticSocket} and {_refusal}"
            : OperatingSystem.IsWindows() ? $"there is no {_process.DiagnosticSocket} of a .NET runtime (switched off by DOTNET_EnableDiagnostics?)"
            : $"there is no {_process.DiagnosticSocket} of a .NET runtime (switched off by DOTNET_EnableDiagnostics?) and no /tmp/perf-{_process.OwnPid}.map (Node.js writes one with --perf-basic-prof)";
        return runtime?.ImageOf(address) is { Length: > 0 } image
            ? new RuntimeFrame([], image, "")
            : new RuntimeFrame([], Module, $"JIT code: not named, because {why}");
    }

    /// <summary>The program or its recording ends: has all told that was not told yet.</summary>
    public void Complete()
    {
        _disposing.Cancel();
        _beginning.GetAwaiter().GetResult();
        _runtime?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposing.Cancel();
        _beginning.GetAwaiter().GetResult();
        _runtime?.Dispose();
        _map?.Dispose();
        _disposing.Dispose();
    }

    private async Task WaitAsync()
    {
        var began = Environment.TickCount64;
        for (var glance = 1; _runtime is null && _refusal.Length == 0 && !_disposing.IsCancellationRequested; glance++)
        {
            var age = TimeSpan.FromMilliseconds(Environment.TickCount64 - began);
            var pause = TimeSpan.FromTicks(Math.Clamp(age.Ticks / PartOfAge, s_firstGlance.Ticks, s_lastGlance.Ticks));
            await Task.Delay(pause, _disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // It may have become another program, in another folder.
            if (glance % GlancesALook == 0)
            {
                _process = RuntimeProcess.Of(_pid);
            }
            Begin();
        }
    }

    private void Begin()
    {
        try
        {
            if (RuntimeCode.TryBegin(_process) is { } runtime)
            {
                Volatile.Write(ref _runtime, runtime);
                if (_isOurMap)
                {
                    runtime.EndPerfMap();
                }
            }
        }
        catch (IOException refused)
        {
            _refusal = refused.Message;
        }
    }
}
