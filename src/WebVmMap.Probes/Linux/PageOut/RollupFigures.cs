using System.Buffers.Text;
using WebVmMap.Probes.Linux.ProcFs;

namespace WebVmMap.Probes.Linux.PageOut;

/// <summary>What is wanted of <c>/proc/PID/smaps_rollup</c>, https://docs.kernel.org/filesystems/proc.html, in bytes.</summary>
/// <param name="Resident">In memory.</param>
/// <param name="Shared">In memory and mapped by another process too.</param>
/// <param name="Anonymous">In memory with no file behind it.</param>
internal readonly record struct RollupFigures(long Resident, long Shared, long Anonymous)
{
    /// <summary>Asks the kernel.</summary>
    /// <returns>0, or an errno value and no figures.</returns>
    public static int Read(ProcDirectory directory, out RollupFigures figures)
    {
        Span<byte> text = stackalloc byte[4096];
        var length = directory.Read("smaps_rollup\0"u8, text, out var error);
        figures = Parse(text[..length]);
        return error;
    }

    /// <summary>Reads the file's lines; those not known are passed over.</summary>
    public static RollupFigures Parse(ReadOnlySpan<byte> text) => new(
        Figure(text, "\nRss:"u8), Figure(text, "\nShared_Clean:"u8) + Figure(text, "\nShared_Dirty:"u8), Figure(text, "\nAnonymous:"u8));

    private static long Figure(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        var at = text.IndexOf(key);
        return at >= 0 && Utf8Parser.TryParse(text[(at + key.Length)..].TrimStart((byte)' '), out long kilobytes, out _) ? kilobytes << 10 : 0;
    }
}
