using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Kernel32
    {
        /// <summary>A thread's handle.</summary>
        internal sealed class SafeThreadHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
        {
            /// <inheritdoc/>
            protected override bool ReleaseHandle() => CloseHandle(handle);
        }
    }
}
