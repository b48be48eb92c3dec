using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Advapi32
    {
        /// <summary>TOKEN_PRIVILEGES with one entry.
        /// https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_privileges</summary>
        [StructLayout(LayoutKind.Sequential, Pack = 4)]
        internal struct TokenPrivilege
        {
            internal const uint Enabled = 2;

            public uint Count;
            public long Luid;
            public uint Attributes;
        }
    }
}
