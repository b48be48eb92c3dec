namespace WebVmMap.Probes.Windows;

/// <summary>The system error codes that the probe tells apart.
/// https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-</summary>
internal static class WindowsError
{
    public const int Success = 0;
    public const int AccessDenied = 5;
    public const int InvalidParameter = 87;
    public const int PartialCopy = 299;
}
