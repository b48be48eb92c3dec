using System.Buffers.Binary;
using System.Text;

namespace WebVmMap.Symbols.Elf;

/// <summary>
/// Looks for a module's separate debug file where distributions put it.
/// https://sourceware.org/gdb/current/onlinedocs/gdb.html/Separate-Debug-Files.html
/// </summary>
internal static class DebugFileSearch
{
    private const string Global = "/usr/lib/debug";

    /// <summary>Looks for it.</summary>
    /// <param name="module">The module itself.</param>
    /// <param name="root">The folder that all paths are under.</param>
    /// <param name="looked">Where it was looked for, in order.</param>
    /// <returns>Null when there is none that belongs to the module.</returns>
    public static ElfFile? Find(ElfFile module, string root, List<string> looked)
    {
        if (ByBuildId(module.BuildId) is { } path)
        {
            looked.Add(path);
            if (Open(root, path, file => file.BuildId.AsSpan().SequenceEqual(module.BuildId)) is { } found)
            {
                return found;
            }
        }
        var (name, sum) = Link(module);
        if (name.Length == 0)
        {
            return null;
        }
        var folder = module.Path[..module.Path.LastIndexOf('/')];
        foreach (var candidate in (string[])[$"{folder}/{name}", $"{folder}/.debug/{name}", $"{Global}{folder}/{name}"])
        {
            if (candidate == module.Path)
            {
                continue;
            }
            looked.Add(candidate);
            if (Open(root, candidate, file => file.CheckSum() == sum) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    /// <summary>Where the debug file of a build id is: /usr/lib/debug/.build-id/ab/cdef....debug.</summary>
    public static string? ByBuildId(byte[] id) =>
        id.Length < 2 ? null : $"{Global}/.build-id/{Convert.ToHexStringLower(id, 0, 1)}/{Convert.ToHexStringLower(id, 1, id.Length - 1)}.debug";

    private static ElfFile? Open(string root, string path, Func<ElfFile, bool> belongs)
    {
        var file = ElfFile.TryOpen(root, path);
        if (file is not null && (!file.HasDebugInfo && file.SectionOfType(ElfSection.SymbolTable) is null || !belongs(file)))
        {
            file.Dispose();
            return null;
        }
        return file;
    }

    /// <summary>.gnu_debuglink: a file's name, zero bytes up to a multiple of four, and its check sum.</summary>
    private static (string Name, uint CheckSum) Link(ElfFile module)
    {
        const int MaxLink = 4096;
        if (module.Section(".gnu_debuglink") is not { } section)
        {
            return ("", 0);
        }
        var bytes = module.OpenRaw(section).Read(0, MaxLink).Span;
        var end = bytes.IndexOf((byte)0);
        var at = end + 4 & ~3;
        // A name only: a path would lead out of the folders that are looked in.
        return end <= 0 || at + 4 > bytes.Length || bytes[..end].Contains((byte)'/')
            ? ("", 0)
            : (Encoding.UTF8.GetString(bytes[..end]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));
    }
}
