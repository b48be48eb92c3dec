using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Kernel32
    {
        /// <summary>PROCESS_MEMORY_COUNTERS_EX.
        /// https://learn.microsoft.com/windows/win32/api/psapi/ns-psapi-process_memory_counters_ex</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct ProcessMemoryCounters
        {
            public uint Size;
            public uint PageFaultCount;
            public nuint PeakWorkingSetSize;
            public nuint WorkingSetSize;
            public nuint QuotaPeakPagedPoolUsage;
            public nuint QuotaPagedPoolUsage;
            public nuint QuotaPeakNonPagedPoolUsage;
            public nuint QuotaNonPagedPoolUsage;
            public nuint PagefileUsage;
            public nuint PeakPagefileUsage;
            public nuint PrivateUsage;
        }
    }
}
