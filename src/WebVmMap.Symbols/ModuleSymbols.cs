using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Symbols.Dwarf;
using WebVmMap.Symbols.Elf;
using WebVmMap.Symbols.Names;

namespace WebVmMap.Symbols;

/// <summary>
/// Names code of a program or library on Linux: from a place in the module to functions, files and lines. Reads ELF symbol tables and
/// DWARF 2 to 5, of the module itself or of its separate debug file. Thread-safe. A damaged file gives fewer names, never an error.
/// </summary>
public sealed class ModuleSymbols : IModuleSymbols
{
    private readonly Lock _gate = new();
    private readonly ElfFile? _module;
    private readonly ElfFile? _debugFile;
    private readonly SymbolTable? _symbols;
    private readonly DwarfInfo? _dwarf;

    private ModuleSymbols(string state) => State = state;

    private ModuleSymbols(ElfFile module, string root)
    {
        _module = module;
        BuildId = Convert.ToHexStringLower(module.BuildId);
        var looked = new List<string>();
        var table = module.SectionOfType(ElfSection.SymbolTable);
        if (!module.HasDebugInfo)
        {
            _debugFile = DebugFileSearch.Find(module, root, looked);
        }
        var described = _debugFile ?? module;
        if (described.HasDebugInfo)
        {
            _dwarf = new DwarfInfo(described);
        }
        // The debug file has the whole table, of which the module may have kept a part.
        if (_debugFile?.SectionOfType(ElfSection.SymbolTable) is { } whole)
        {
            _symbols = SymbolTable.Read(_debugFile, whole);
        }
        else if (table is { } own)
        {
            _symbols = SymbolTable.Read(module, own);
        }
        var exportedOnly = _symbols is null;
        if (_symbols is null && module.SectionOfType(ElfSection.DynamicSymbols) is { } exported)
        {
            _symbols = SymbolTable.Read(module, exported);
        }
        State = Describe(described, exportedOnly, looked);
    }

    /// <inheritdoc/>
    public string BuildId { get; } = "";

    /// <inheritdoc/>
    public string State { get; }

    /// <summary>Opens a module and finds its symbols.</summary>
    /// <param name="path">Where the process has it: an absolute path.</param>
    /// <param name="root">The folder that the process sees as "/", as /proc/PID/root.</param>
    public static ModuleSymbols Open(string path, string root = "/")
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(root);
        if (!path.StartsWith('/'))
        {
            return new ModuleSymbols("no file: code of the system or made in memory");
        }
        return ElfFile.TryOpen(root, path) is { } module
            ? new ModuleSymbols(module, root)
            : new ModuleSymbols($"{path} cannot be read as a 64-bit ELF file");
    }

    /// <inheritdoc/>
    public ImmutableArray<CodeLine> Find(ulong offset)
    {
        lock (_gate)
        {
            var name = _symbols?.Find(offset) ?? "";
            if (_dwarf is not null)
            {
                var lines = ImmutableArray.CreateBuilder<CodeLine>();
                _dwarf.Find(offset, name, lines);
                if (lines.Count > 0)
                {
                    return lines.DrainToImmutable();
                }
            }
            return name.Length == 0 ? [] : [new CodeLine(Demangler.Demangle(name), "", 0)];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _module?.Dispose();
            _debugFile?.Dispose();
        }
    }

    private string Describe(ElfFile described, bool exportedOnly, List<string> looked)
    {
        var searched = looked.Count == 0 ? "" : $"; no debug file, looked for {string.Join(", ", looked)}";
        if (_dwarf is { Version: > 0 })
        {
            var less = _dwarf.Unread is { } unread ? $"; {unread}" : "";
            less += _dwarf.HasSkeletons ? "; lines only of some units: their .dwo files are not read" : "";
            less += described.Section(".gnu_debugaltlink") is not null ? "; names in the common file that dwz made are not read" : "";
            return $"found in {described.Path} (DWARF {_dwarf.Version}{less})";
        }
        var why = _dwarf?.Unread is { } reason ? $"; its debug information is not read: {reason}" : _dwarf is not null ? "; its debug information is not understood" : "";
        if (!exportedOnly)
        {
            return $"functions without lines, from the symbol table of {described.Path}{why}{searched}";
        }
        return _symbols is { Count: > 0 } ? $"stripped: only exported names{why}{searched}" : $"stripped: no names{why}{searched}";
    }
}
