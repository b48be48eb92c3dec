namespace WebVmMap.Probes.Windows;

/// <summary>Tells by its file whether a library is the runtime of .NET.</summary>
internal static class ManagedRuntimes
{
    private static readonly string[] s_names = ["coreclr.dll", "clr.dll", "mscorwks.dll"];

    /// <summary>True for the runtime's library, named with or without its directory.</summary>
    public static bool IsOne(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOf('\\') + 1)..];
        foreach (var runtime in s_names)
        {
            if (name.Equals(runtime, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
