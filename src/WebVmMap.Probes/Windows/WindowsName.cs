namespace WebVmMap.Probes.Windows;

/// <summary>Names a version of Windows for people.</summary>
internal static class WindowsName
{
    /// <summary>For example <c>Windows 11 Pro 24H2 (26100.2314)</c>.</summary>
    /// <param name="product">ProductName in the registry; on Windows 11 it still says 10. Empty when it is not told.</param>
    /// <param name="release">DisplayVersion in the registry, for example 24H2; empty when it is not told.</param>
    /// <param name="build">Build number.</param>
    /// <param name="revision">Update build revision, 0 when it is not told.</param>
    /// <param name="wine">Version of Wine when it is not Windows at all, else empty.</param>
    public static string Of(string product, string release, int build, int revision, string wine)
    {
        const int FirstBuildOf11 = 22000;
        var name = product.Length == 0 ? "Windows" : product;
        if (build >= FirstBuildOf11 && name.StartsWith("Windows 10", StringComparison.Ordinal))
        {
            name = "Windows 11" + name["Windows 10".Length..];
        }
        var number = revision > 0 ? $"{build}.{revision}" : $"{build}";
        return $"{name}{(release.Length == 0 ? "" : " " + release)} ({number}){(wine.Length == 0 ? "" : $", Wine {wine}")}";
    }
}
