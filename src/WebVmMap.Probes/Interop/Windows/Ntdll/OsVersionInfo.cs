using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Ntdll
    {
        /// <summary>RTL_OSVERSIONINFOEXW. https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/ns-wdm-_osversioninfoexw</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal unsafe struct OsVersionInfo
        {
            public uint Size;
            public uint Major;
            public uint Minor;
            public uint Build;
            public uint Platform;
            public fixed char ServicePack[128];
            public ushort ServicePackMajor;
            public ushort ServicePackMinor;
            public ushort SuiteMask;
            public byte ProductType;
            public byte Reserved;
        }
    }
}
