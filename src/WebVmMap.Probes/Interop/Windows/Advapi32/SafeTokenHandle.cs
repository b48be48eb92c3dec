using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Advapi32
    {
        /// <summary>An access token's handle.</summary>
        internal sealed class SafeTokenHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
        {
            /// <inheritdoc/>
            protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle);
        }
    }
}
