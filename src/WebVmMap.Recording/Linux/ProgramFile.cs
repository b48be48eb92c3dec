using System.Buffers.Binary;
using System.Text;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Linux;

/// <summary>What a program's file says of whether the tracer can be loaded into it. https://man7.org/linux/man-pages/man5/elf.5.html</summary>
internal static class ProgramFile
{
    private const int HeaderBytes = 64;
    private const int ProgramHeadersAt = 32;
    private const int ProgramHeaderBytesAt = 54;
    private const int ProgramHeaderCountAt = 56;
    private const int InterpreterKind = 3;
    private const int MaxPath = 4096;

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Why a program could not be recorded when it is started, one sentence; null when nothing speaks against it, or another has to say: the system, or what runs a script.</summary>
    /// <param name="program">Its path, or its name along PATH.</param>
    public static string? Objection(string program)
    {
        try
        {
            return Find(program) is { } path ? Read(program, path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? program
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string? Read(string program, string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file, header, 0) < HeaderBytes || !header.StartsWith(Magic))
        {
            return null;
        }
        if (header[4] != 2 || BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) != 62)
        {
            return $"{program} is of another architecture: the tracer is for 64-bit programs of x86-64.";
        }
        var (at, bytes) = (BinaryPrimitives.ReadInt64LittleEndian(header[ProgramHeadersAt..]), BinaryPrimitives.ReadUInt16LittleEndian(header[ProgramHeaderBytesAt..]));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[ProgramHeaderCountAt..]);
        Span<byte> entry = stackalloc byte[56];
        for (var i = 0; i < count; i++)
        {
            if (RandomAccess.Read(file, entry, at + (i * bytes)) < entry.Length || BinaryPrimitives.ReadInt32LittleEndian(entry) != InterpreterKind)
            {
                continue;
            }
            var loader = new byte[Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(entry[32..]), 0, MaxPath)];
            var length = RandomAccess.Read(file, loader, BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
            return Encoding.UTF8.GetString(loader.AsSpan(0, length)).Contains("musl", StringComparison.Ordinal)
                ? $"{program} runs with musl, and the tracer with the GNU C library only: record it where it is built for that."
                : null;
        }
        // The loader has none itself, and can be given a program to run.
        return TargetProcess.IsLoader(Path.GetFileName(path)) ? null : $"{program} is linked statically, so there is nothing in it that could load the tracer. If it starts what you want recorded, have the processes it starts followed too (--children).";
    }
}
