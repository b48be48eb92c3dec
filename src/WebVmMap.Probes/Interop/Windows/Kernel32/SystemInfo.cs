using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Kernel32
    {
        /// <summary>https://learn.microsoft.com/windows/win32/api/sysinfoapi/ns-sysinfoapi-system_info</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct SystemInfo
        {
            public ushort ProcessorArchitecture;
            public ushort Reserved;
            public uint PageSize;
            public nuint MinimumApplicationAddress;
            public nuint MaximumApplicationAddress;
            public nuint ActiveProcessorMask;
            public uint NumberOfProcessors;
            public uint ProcessorType;
            public uint AllocationGranularity;
            public ushort ProcessorLevel;
            public ushort ProcessorRevision;
        }
    }
}
