namespace WebVmMap.Core.Recordings;

/// <summary>
/// Which code belongs to the system and not to the program: the C and C++ runtimes and the loader, and on Windows whatever lies in the
/// Windows folder. A stack through it is longer and says no more of who allocates. Thread-safe.
/// </summary>
public static class SystemCode
{
    private static readonly string[] s_libraries =
        ["ld-linux", "ld-musl", "libc.", "libc-", "libpthread", "libstdc++.", "libc++.", "libc++abi.", "libgcc_s.", "libm.", "libm-", "libdl.", "librt."];

    /// <summary>Whether a module is the system's.</summary>
    /// <param name="module">Its path as its host has it, or a name in brackets.</param>
    public static bool Contains(string module)
    {
        if (module is "[vdso]" or "[vsyscall]")
        {
            return true;
        }
        // Of either system, whichever this runs on.
        if (module.Length > 3 && module[1] == ':' && module.AsSpan(2).StartsWith(@"\windows\", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        var file = module.AsSpan(module.LastIndexOf('/') + 1);
        foreach (var library in s_libraries)
        {
            if (file.StartsWith(library, StringComparison.Ordinal) && file.Contains(".so", StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
