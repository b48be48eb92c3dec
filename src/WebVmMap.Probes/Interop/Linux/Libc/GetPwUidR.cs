using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary><c>struct passwd</c> of 64-bit Linux, https://man7.org/linux/man-pages/man3/getpwnam.3.html</summary>
        internal unsafe struct Passwd
        {
            public byte* Name;
            public byte* Password;
            public uint Uid;
            public uint Gid;
            public byte* Gecos;
            public byte* Directory;
            public byte* Shell;
        }

        /// <summary>Returns 0 and a null result when there is no such user, else an errno value (ERANGE: the buffer is too small).</summary>
        [LibraryImport(Library, EntryPoint = "getpwuid_r")]
        internal static unsafe partial int GetPwUidR(uint uid, Passwd* entry, byte* buffer, nuint length, out Passwd* result);
    }
}
