using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// The lines of a .NET module, from its portable program database: beside it, where it was built, or in it.
/// https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md
/// Not thread-safe.
/// </summary>
internal sealed class PortablePdb : IDisposable
{
    /// <summary>Bytes of a database that are read into memory; those of the largest programs have some ten million.</summary>
    private const int MaxBytes = 64 << 20;

    private readonly MetadataReaderProvider? _provider;
    private readonly MetadataReader? _reader;
    private readonly Dictionary<uint, (int Offset, string File, int Line)[]> _methods = [];

    private PortablePdb(string state) => State = state;

    private PortablePdb(string state, MetadataReaderProvider provider)
    {
        State = state;
        _provider = provider;
        _reader = provider.GetMetadataReader();
    }

    /// <summary>In one line for people: where it was found, or why there is none.</summary>
    public string State { get; }

    /// <summary>Bytes that it takes.</summary>
    public int Bytes => _reader?.MetadataLength ?? 0;

    /// <summary>Looks for the database of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="root">The folder that the process sees as "/", without the slash.</param>
    public static PortablePdb Open(ManagedModule module, string root)
    {
        if (module.Path.Length == 0)
        {
            return new PortablePdb("functions without lines: it was made in memory");
        }
        var looked = new List<string>();
        foreach (var path in new[] { Path.ChangeExtension(module.Path, ".pdb"), module.DatabasePath }.Distinct())
        {
            if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
            {
                continue;
            }
            looked.Add(path);
            if (Read(root + path) is not { } bytes)
            {
                continue;
            }
            if (Of(bytes, module, $"found in {path} (portable)", out var why) is { } found)
            {
                return found;
            }
            looked[^1] += $" ({why})";
        }
        if (Embedded(module, root, out var reason) is { } embedded)
        {
            return embedded;
        }
        return new PortablePdb($"functions without lines: {reason}; no portable program database, looked for {string.Join(", ", looked)}");
    }

    /// <summary>The line of a place in a method.</summary>
    /// <param name="token">The method.</param>
    /// <param name="offset">The place in its own code.</param>
    /// <returns>An empty file when it is not known.</returns>
    public (string File, int Line) Find(uint token, int offset)
    {
        if (_reader is null || offset < 0)
        {
            return ("", 0);
        }
        if (!_methods.TryGetValue(token, out var points))
        {
            points = Points(token);
            _methods.Add(token, points);
        }
        var (file, line) = ("", 0);
        foreach (var point in points)
        {
            if (point.Offset > offset)
            {
                break;
            }
            // What the compiler made itself has no line and counts to what comes before it.
            if (point.Line > 0)
            {
                (file, line) = (point.File, point.Line);
            }
        }
        return (file, line);
    }

    /// <inheritdoc/>
    public void Dispose() => _provider?.Dispose();

    private (int Offset, string File, int Line)[] Points(uint token)
    {
        try
        {
            if (MetadataTokens.EntityHandle((int)token) is not { Kind: HandleKind.MethodDefinition } handle)
            {
                return [];
            }
            var points = new List<(int, string, int)>();
            var names = new Dictionary<DocumentHandle, string>();
            foreach (var point in _reader!.GetMethodDebugInformation((MethodDefinitionHandle)handle).GetSequencePoints())
            {
                if (point.Document.IsNil)
                {
                    continue;
                }
                if (!names.TryGetValue(point.Document, out var file))
                {
                    names[point.Document] = file = _reader.GetString(_reader.GetDocument(point.Document).Name);
                }
                points.Add((point.Offset, file, point.IsHidden ? 0 : point.StartLine));
            }
            return [.. points];
        }
        catch (Exception damaged) when (damaged is BadImageFormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            return [];
        }
    }

    private static byte[]? Read(string path)
    {
        using var file = RegularFile.TryOpen(path);
        if (file is null || RandomAccess.GetLength(file) is not (> 0 and <= MaxBytes and var length))
        {
            return null;
        }
        var bytes = new byte[length];
        return RegularFile.Read(file, 0, bytes) == length ? bytes : null;
    }

    private static PortablePdb? Of(byte[] bytes, ManagedModule module, string state, out string why)
    {
        MetadataReaderProvider? provider = null;
        try
        {
            if (!bytes.AsSpan().StartsWith("BSJB"u8))
            {
                why = "of the older format of Windows";
                return null;
            }
            provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(bytes, writable: false));
            var id = provider.GetMetadataReader().DebugMetadataHeader?.Id;
            if (module.Signature != default && (id is not { Length: >= 16 } own || new Guid(own.AsSpan(0, 16)) != module.Signature))
            {
                provider.Dispose();
                why = "of another build";
                return null;
            }
            why = "";
            return new PortablePdb(state, provider);
        }
        catch (Exception damaged) when (damaged is BadImageFormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            provider?.Dispose();
            why = "damaged";
            return null;
        }
    }

    // https://github.com/dotnet/runtime/blob/main/docs/design/specs/PE-COFF.md, Embedded Portable PDB Debug Directory Entry
    private static PortablePdb? Embedded(ManagedModule module, string root, out string why)
    {
        why = "none is in it";
        if (!Path.IsPathFullyQualified(module.Path) || Read(root + module.Path) is not { } file)
        {
            why = "its file cannot be read";
            return null;
        }
        try
        {
            using var image = new PEReader(new MemoryStream(file, writable: false));
            foreach (var entry in image.ReadDebugDirectory())
            {
                if (entry.Type != DebugDirectoryEntryType.EmbeddedPortablePdb || entry.DataSize <= 8 || entry.DataPointer < 0 || entry.DataPointer > file.Length - entry.DataSize)
                {
                    continue;
                }
                var data = file.AsSpan(entry.DataPointer, entry.DataSize);
                var length = BitConverter.ToInt32(data[4..]);
                if (!data.StartsWith("MPDB"u8) || length is <= 0 or > MaxBytes)
                {
                    break;
                }
                var bytes = new byte[length];
                using var inflated = new DeflateStream(new MemoryStream(file, entry.DataPointer + 8, entry.DataSize - 8, writable: false), CompressionMode.Decompress);
                inflated.ReadExactly(bytes);
                return Of(bytes, module, $"found in {module.Path} (portable, embedded)", out why);
            }
        }
        catch (Exception damaged) when (damaged is BadImageFormatException or InvalidDataException or EndOfStreamException or ArgumentException or InvalidOperationException or OverflowException)
        {
            why = "what is in it is damaged";
        }
        return null;
    }
}
