namespace WebVmMap.Probes;

internal static partial class Interop
{
    /// <summary>File names of the system's libraries.</summary>
    internal static partial class Libraries
    {
        internal const string Advapi32 = "advapi32.dll";
        internal const string Kernel32 = "kernel32.dll";
        internal const string Ntdll = "ntdll.dll";
    }
}
