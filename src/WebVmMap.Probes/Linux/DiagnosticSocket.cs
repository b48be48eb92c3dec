using System.Buffers.Text;

namespace WebVmMap.Probes.Linux;

/// <summary>The name of a .NET runtime's diagnostics socket: <c>dotnet-diagnostic-PID-START-socket</c>.</summary>
internal static class DiagnosticSocket
{
    /// <summary>Reads the process's id and start stamp from the name.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out int pid, out long start)
    {
        pid = 0;
        start = 0;
        var prefix = "dotnet-diagnostic-"u8;
        if (!name.StartsWith(prefix))
        {
            return false;
        }
        name = name[prefix.Length..];
        if (!Utf8Parser.TryParse(name, out pid, out var used) || used >= name.Length || name[used] != '-')
        {
            return false;
        }
        name = name[(used + 1)..];
        return Utf8Parser.TryParse(name, out start, out used) && name[used..].SequenceEqual("-socket"u8);
    }
}
