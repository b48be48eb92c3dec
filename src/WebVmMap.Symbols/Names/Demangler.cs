namespace WebVmMap.Symbols.Names;

/// <summary>Turns the names that compilers give the linker into those that people wrote. Pure; any text is accepted.</summary>
public static class Demangler
{
    /// <summary>Names longer than this are left as they are: nobody reads them, and they cost the most.</summary>
    private const int MaxLength = 16384;

    /// <summary>Demangles a name of C++ (Itanium ABI, of gcc and clang) or Rust. What compilers append to copies of a function, as ".cold", stays told.</summary>
    /// <returns>The name as it is when it is not mangled, or in a way that is not understood.</returns>
    public static string Demangle(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > MaxLength)
        {
            return name;
        }
        if (name.StartsWith("_R", StringComparison.Ordinal))
        {
            return RustNames.Demangle(name) ?? name;
        }
        if (!name.StartsWith("_Z", StringComparison.Ordinal))
        {
            return name;
        }
        return RustNames.DemangleLegacy(name)
            ?? (new ItaniumParser(name).Parse(out var clones) is { } parsed && ItaniumPrinter.Print(parsed) is { } printed ? printed + clones : name);
    }
}
