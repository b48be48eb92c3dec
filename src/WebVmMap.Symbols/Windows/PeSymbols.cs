using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;
using WebVmMap.Core.Recordings;
using WebVmMap.Symbols.Names;

namespace WebVmMap.Symbols.Windows;

/// <summary>
/// Names code of a program or library on Windows, as the system's DbgHelp reads it from a program database or from debug information in the
/// module. Symbols are looked for beside the module and along <c>_NT_SYMBOL_PATH</c>. Thread-safe: DbgHelp is called by one thread at a time.
/// </summary>
[SupportedOSPlatform("windows")]
public sealed unsafe class PeSymbols : IModuleSymbols
{
    // Every module has a session of its own, so it can lie anywhere in it.
    private const ulong Base = 0x10_0000_0000;
    private const int MaxInlined = 256;

    private static readonly Lock s_gate = new();
    private static long _sessions;
    private static bool _hasInlines = true;

    // Not a handle of a process: any number will do where the process is not to be looked at.
    // https://learn.microsoft.com/windows/win32/api/dbghelp/nf-dbghelp-syminitializew
    private readonly nint _session;
    private bool _open;

    private PeSymbols(string state) => State = state;

    private PeSymbols(string path, uint size, string buildId, string database)
    {
        BuildId = buildId;
        lock (s_gate)
        {
            _session = (nint)(0x57560000 + (++_sessions * 4));
            _ = DbgHelp.SymSetOptions(DbgHelp.SYMOPT_UNDNAME | DbgHelp.SYMOPT_LOAD_LINES | DbgHelp.SYMOPT_FAIL_CRITICAL_ERRORS | DbgHelp.SYMOPT_NO_PROMPTS);
            _open = DbgHelp.SymInitializeW(_session, SearchPath(path), invade: false);
            State = !_open || DbgHelp.SymLoadModuleExW(_session, 0, path, null, Base, size, 0, 0) == 0
                ? $"{path} cannot be read by the system's DbgHelp"
                : Describe(path, database);
        }
    }

    /// <inheritdoc/>
    public string BuildId { get; } = "";

    /// <inheritdoc/>
    public string State { get; }

    /// <summary>Opens a module and finds its symbols.</summary>
    /// <param name="path">Full path.</param>
    public static PeSymbols Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Path.IsPathFullyQualified(path))
        {
            return new PeSymbols("no file: code of the system or made in memory");
        }
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new PEReader(file);
            if (reader.PEHeaders.PEHeader is not { } header)
            {
                return Unreadable(path);
            }
            var (id, database) = ("", "");
            foreach (var entry in reader.ReadDebugDirectory().Where(entry => entry.Type == DebugDirectoryEntryType.CodeView))
            {
                var view = reader.ReadCodeViewDebugDirectoryData(entry);
                id = Convert.ToHexStringLower([.. view.Guid.ToByteArray(), .. BitConverter.GetBytes(view.Age)]);
                database = view.Path;
                break;
            }
            return new PeSymbols(path, (uint)header.SizeOfImage, id, database);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or BadImageFormatException or ArgumentException or InvalidOperationException)
        {
            return Unreadable(path);
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<CodeLine> Find(ulong offset)
    {
        var address = Base + offset;
        var lines = ImmutableArray.CreateBuilder<CodeLine>();
        var symbol = stackalloc byte[DbgHelp.Symbol.Bytes];
        lock (s_gate)
        {
            if (!_open)
            {
                return [];
            }
            AddInlined(address, symbol, lines);
            Prepare(symbol);
            if (DbgHelp.SymFromAddrW(_session, address, out _, symbol))
            {
                var line = new DbgHelp.Line { Size = (uint)sizeof(DbgHelp.Line) };
                var found = DbgHelp.SymGetLineFromAddrW64(_session, address, out _, ref line);
                lines.Add(new CodeLine(Name(symbol), found ? new string(line.File) : "", found ? (int)line.Number : 0));
            }
        }
        return lines.DrainToImmutable();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (s_gate)
        {
            if (_open)
            {
                _open = false;
                _ = DbgHelp.SymCleanup(_session);
            }
        }
    }

    private static PeSymbols Unreadable(string path) => new($"{path} cannot be read as a Windows program or library");

    private static string SearchPath(string path)
    {
        var folders = new[] { Path.GetDirectoryName(path), Environment.GetEnvironmentVariable("_NT_SYMBOL_PATH") };
        return string.Join(';', folders.Where(folder => !string.IsNullOrEmpty(folder)));
    }

    private static void Prepare(byte* symbol)
    {
        new Span<byte>(symbol, DbgHelp.Symbol.NameAt).Clear();
        *(uint*)(symbol + DbgHelp.Symbol.SizeAt) = DbgHelp.Symbol.Size;
        *(uint*)(symbol + DbgHelp.Symbol.MaxNameLengthAt) = DbgHelp.Symbol.MaxNameLength;
    }

    private static string Name(byte* symbol)
    {
        var name = new ReadOnlySpan<char>(symbol + DbgHelp.Symbol.NameAt, DbgHelp.Symbol.MaxNameLength);
        var end = name.IndexOf('\0');
        // Names of gcc and clang are as their linker wrote them.
        return Demangler.Demangle(new string(end < 0 ? name : name[..end]));
    }

    // The innermost comes first.
    private void AddInlined(ulong address, byte* symbol, ImmutableArray<CodeLine>.Builder lines)
    {
        if (!_hasInlines)
        {
            return;
        }
        try
        {
            var count = Math.Min(DbgHelp.SymAddrIncludeInlineTrace(_session, address), MaxInlined);
            if (count == 0 || !DbgHelp.SymQueryInlineTrace(_session, address, 0, address, address, out var context, out _))
            {
                return;
            }
            for (var i = 0u; i < count; i++)
            {
                Prepare(symbol);
                if (DbgHelp.SymFromInlineContextW(_session, address, context + i, out _, symbol))
                {
                    var line = new DbgHelp.Line { Size = (uint)sizeof(DbgHelp.Line) };
                    var found = DbgHelp.SymGetLineFromInlineContextW(_session, address, context + i, 0, out _, ref line);
                    lines.Add(new CodeLine(Name(symbol), found ? new string(line.File) : "", found ? (int)line.Number : 0));
                }
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A DbgHelp from before Windows 8.
            _hasInlines = false;
        }
    }

    private string Describe(string path, string database)
    {
        var module = stackalloc byte[DbgHelp.Module.Bytes];
        new Span<byte>(module, DbgHelp.Module.Bytes).Clear();
        *(uint*)(module + DbgHelp.Module.SizeAt) = DbgHelp.Module.Bytes;
        var missing = database.Length == 0 ? "it names no program database" : $"its program database {database} was looked for beside it and along _NT_SYMBOL_PATH";
        if (!DbgHelp.SymGetModuleInfoW64(_session, Base, module))
        {
            return $"stripped: no names; {missing}";
        }
        var loaded = new ReadOnlySpan<char>(module + DbgHelp.Module.LoadedPdbNameAt, DbgHelp.Module.LoadedPdbNameLength);
        var end = loaded.IndexOf('\0');
        var from = end > 0 ? new string(loaded[..end]) : path;
        return (*(int*)(module + DbgHelp.Module.SymTypeAt), *(int*)(module + DbgHelp.Module.LineNumbersAt) != 0) switch
        {
            (DbgHelp.SymNone, _) => $"stripped: no names; {missing}",
            (DbgHelp.SymExport, _) => $"stripped: only exported names; {missing}",
            (_, true) => $"found in {from}",
            _ => $"functions without lines, from {from}",
        };
    }
}
