using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes.Linux;

/// <summary>Looks for names in <c>/proc/PID/maps</c>.</summary>
internal static unsafe class MapsText
{
    private const int Overlap = 32;

    /// <summary>True when a .NET runtime's library is mapped, within the first so many bytes.</summary>
    public static bool ContainsRuntime(SafeFileHandle maps, int maxBytes)
    {
        Span<byte> buffer = stackalloc byte[Overlap + 4096];
        var kept = 0;
        for (var total = 0; total < maxBytes;)
        {
            nint got;
            fixed (byte* p = buffer)
            {
                got = Interop.Libc.Read(maps, p + kept, (nuint)(buffer.Length - kept));
            }
            if (got <= 0)
            {
                return false;
            }
            total += (int)got;
            var text = buffer[..(kept + (int)got)];
            if (text.IndexOf("/libcoreclr.so"u8) >= 0 || text.IndexOf("/libmonosgen-2.0.so"u8) >= 0 || text.IndexOf("/libmono-2.0.so"u8) >= 0)
            {
                return true;
            }
            kept = Math.Min(Overlap, text.Length);
            text[^kept..].CopyTo(buffer);
        }
        return false;
    }
}
