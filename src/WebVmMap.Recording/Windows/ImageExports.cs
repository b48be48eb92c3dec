using System.Buffers.Binary;
using System.Text;

namespace WebVmMap.Recording.Windows;

/// <summary>The functions and variables that a module in another process exports, as its headers there say. https://learn.microsoft.com/windows/win32/debug/pe-format</summary>
internal static class ImageExports
{
    private const int MaxDirectoryBytes = 16 << 20;

    /// <summary>Reads them.</summary>
    /// <param name="process">The process.</param>
    /// <param name="start">Where the module begins.</param>
    /// <returns>Addresses in that process, by name.</returns>
    /// <exception cref="RecordingException">The headers make no sense.</exception>
    public static Dictionary<string, ulong> Read(TargetProcess process, ulong start)
    {
        const int ExportDirectoryAt = 24 + 112;
        var nt = start + process.Read<uint>(start + 0x3c);
        if (process.Read<ushort>(start) != 0x5a4d || process.Read<uint>(nt) != 0x4550 || process.Read<ushort>(nt + 24) != 0x20b)
        {
            throw Nonsense(process);
        }
        var (at, bytes) = (process.Read<uint>(nt + ExportDirectoryAt), process.Read<uint>(nt + ExportDirectoryAt + 4));
        if (bytes is < 40 or > MaxDirectoryBytes)
        {
            throw Nonsense(process);
        }
        var directory = new byte[bytes];
        process.Read(start + at, directory);
        // Everything that it points to lies within it.
        uint Word(long offset) => offset >= 0 && offset + 4 <= bytes ? BinaryPrimitives.ReadUInt32LittleEndian(directory.AsSpan((int)offset)) : throw Nonsense(process);
        var (functions, names, ordinals) = (Word(28) - (long)at, Word(32) - (long)at, Word(36) - (long)at);
        var exports = new Dictionary<string, ulong>(StringComparer.Ordinal);
        for (var i = 0L; i < Word(24); i++)
        {
            var name = Word(names + (i * 4)) - (long)at;
            var function = Word(functions + ((Word(ordinals + (i * 2)) & 0xffff) * 4));
            // What is within the directory is another module's, by name.
            if (name >= 0 && name < bytes && (function < at || function >= at + bytes))
            {
                var text = directory.AsSpan((int)name);
                var end = text.IndexOf((byte)0);
                exports[Encoding.ASCII.GetString(end < 0 ? text : text[..end])] = start + function;
            }
        }
        return exports;
    }

    private static RecordingException Nonsense(TargetProcess process) => new($"The process {process.Pid} cannot be recorded: the headers of a module in it make no sense.");
}
