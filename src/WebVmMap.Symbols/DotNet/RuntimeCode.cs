using WebVmMap.Core.Recordings;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// The code that a .NET runtime compiled in a process that runs: told by the runtime itself over its socket or pipe for diagnostics, what was
/// compiled before and what is from now on. No file is written and no thread stopped. Thread-safe.
/// </summary>
public sealed class RuntimeCode : IDisposable
{
    private const string Provider = "Microsoft-Windows-DotNETRuntime";

    // Loader, Jit, NGen, JittedMethodILToNativeMap, and CompilationDiagnostic: code of files at its first use.
    // https://learn.microsoft.com/dotnet/fundamentals/diagnostics/runtime-method-events
    private const ulong Keywords = 0x8 | 0x10 | 0x20 | 0x20000 | 0x20_0000_0000;
    private const uint Verbose = 5;
    private const uint Critical = 1;

    /// <summary>What the runtime may keep until it is read, in MiB: of what happens, and of all that there is, which comes at once.</summary>
    private const uint LiveMegabytes = 16;

    private const uint RundownMegabytes = 256;

    private static readonly TimeSpan s_rundownPatience = TimeSpan.FromSeconds(10);

    private readonly string _socket;
    private readonly CompiledMethods _methods = new();
    private readonly PortablePdbs _databases;
    private readonly MappedImages _images;
    private readonly Lock _gate = new();
    private readonly Stream _events;
    private readonly Thread _reader;
    private readonly ulong _session;

    private RuntimeCode(RuntimeProcess process, string socket, ulong session, Stream events)
    {
        (_socket, _session, _events) = (socket, session, events);
        _databases = new PortablePdbs(process.Root);
        _images = new MappedImages(process.Pid);
        _reader = Start(events);
    }


    /// <summary>What of the code may not be known, and why: one part of a sentence; empty when all is told.</summary>
    public string Gap => _methods.Gap;

    /// <summary>Has the runtime of a process tell of its code. Returns when it has told what there is.</summary>
    /// <returns>Null when the process has none of a .NET runtime.</returns>
    /// <exception cref="IOException">The runtime does not do so; the message says why.</exception>
    public static RuntimeCode? TryBegin(RuntimeProcess process)
    {
        var socket = process.DiagnosticSocket;
        if (!DiagnosticPort.Exists(socket))
        {
            return null;
        }
        var (session, events) = DiagnosticPort.Collect(socket, Provider, Keywords, Verbose, LiveMegabytes, rundown: false);
        var code = new RuntimeCode(process, socket, session, events);
        try
        {
            code.ReadWhatThereIs();
            return code;
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }

    /// <summary>Has the runtime write no perf map any more, when it writes one. It may not understand that.</summary>
    public void EndPerfMap()
    {
        try
        {
            DiagnosticPort.DisablePerfMap(_socket);
        }
        catch (IOException)
        {
            // Then it goes on.
        }
    }

    /// <summary>Takes in what was told since the last time; it is found from then on.</summary>
    /// <returns>How many pieces of code are known; it only grows.</returns>
    public int Refresh() => _methods.Refresh();

    /// <summary>Finds what an instruction comes from.</summary>
    /// <param name="address">In the process; of a return address one less.</param>
    /// <returns>Null when nothing is known (yet).</returns>
    public RuntimeFrame? Find(ulong address)
    {
        var (method, module) = _methods.Find(address);
        lock (_gate)
        {
            if (method is null)
            {
                return null;
            }
            if (module is { Path.Length: > 0 })
            {
                var database = _databases.Of(module);
                var (file, line) = database.Find(method.Token, method.Il(address));
                return new RuntimeFrame([new CodeLine(method.Name, file, line)], module.Path, database.State);
            }
            return new RuntimeFrame([new CodeLine(method.Name, "", 0)], _images.PathOf(address) ?? "", "");
        }
    }

    /// <summary>The module in whose file an instruction lies that nothing else is known of.</summary>
    /// <param name="address">In the process.</param>
    /// <returns>Empty when it lies in none.</returns>
    public string ImageOf(ulong address)
    {
        lock (_gate)
        {
            return _images.PathOf(address) ?? "";
        }
    }

    /// <summary>Has the runtime tell what it has not told yet, and no more after that. Waits no longer than a runtime may take to answer.</summary>
    public void Stop()
    {
        try
        {
            DiagnosticPort.Stop(_socket, _session);
        }
        catch (IOException)
        {
            // It ended meanwhile, and has told all by then; or it does not answer, and what it has told counts.
        }
        _reader.Join(DiagnosticPort.Patience);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The runtime ends its part when nobody reads any more.
        _events.Dispose();
        _reader.Join();
        lock (_gate)
        {
            _databases.Dispose();
        }
    }

    private void ReadWhatThereIs()
    {
        var (session, events) = DiagnosticPort.Collect(_socket, Provider, 0, Critical, RundownMegabytes, rundown: true);
        using (events)
        {
            var reader = Start(events);
            try
            {
                DiagnosticPort.Stop(_socket, session);
            }
            catch (IOException)
            {
                // It answers when it has told all, which may take a large program longer: what has come by then counts.
            }
            if (!reader.Join(s_rundownPatience))
            {
                _methods.Miss($"the runtime did not tell all that it had compiled before within {s_rundownPatience.TotalSeconds:0} seconds");
            }
        }
    }

    private Thread Start(Stream events)
    {
        var reader = new Thread(() => Read(events)) { IsBackground = true, Name = "runtime events" };
        reader.Start();
        return reader;
    }

    private void Read(Stream events)
    {
        try
        {
            using var reader = new NetTraceReader(events);
            while (reader.Next(out var told))
            {
                _methods.Take(told);
                if (reader.Lost > 0)
                {
                    _methods.Miss("events of the runtime were lost because its buffer was full");
                }
            }
        }
        catch (InvalidDataException malformed)
        {
            _methods.Miss(malformed.Message);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // The process has ended, or nobody wants more.
        }
    }
}
