using System.Globalization;

namespace WebVmMap.Hub.Components.Text;

/// <summary>Writes byte counts for people: binary units, few digits, zeros blank. The exact figure is always a hover away.</summary>
public static class ByteText
{
    private const double Ki = 1024;
    private const double Mi = Ki * 1024;
    private const double Gi = Mi * 1024;
    private const double Ti = Gi * 1024;

    /// <summary><c>168 KiB</c>, <c>37.6 MiB</c>, <c>1.06 GiB</c>, <c>127.9 TiB</c>; <c>0 B</c> for zero.</summary>
    public static string Rounded(long bytes)
    {
        var size = Math.Abs((double)bytes);
        // The thresholds are where the smaller unit would round up to 1024.
        return size switch
        {
            < Ki => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < Mi - Ki / 2 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Ki:0} KiB"),
            < Gi - Mi / 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mi:0.0} MiB"),
            < Ti - Gi / 200 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gi:0.00} GiB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / Ti:0.0} TiB"),
        };
    }

    /// <summary>As <see cref="Rounded"/>, but nothing for zero: an empty cell is quicker to pass over.</summary>
    public static string Cell(long bytes) => bytes == 0 ? "" : Rounded(bytes);

    /// <summary><c>201,437,184 bytes</c>.</summary>
    public static string Exact(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} {(bytes is 1 or -1 ? "byte" : "bytes")}");

    /// <summary><c>1,234</c>, nothing for zero.</summary>
    public static string CountCell(long count) => count == 0 ? "" : Count(count);

    /// <summary><c>1,234</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 block</c>, <c>1,234 blocks</c>.</summary>
    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";
}
