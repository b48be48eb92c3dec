namespace WebVmMap.Core.Formats;

/// <summary>Milliseconds since 1970 UTC, read from untrusted bytes.</summary>
internal static class UnixTime
{
    private static readonly long s_min = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_max = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <exception cref="InvalidDataException">No calendar date lies there.</exception>
    public static DateTimeOffset FromMilliseconds(long milliseconds, string what) =>
        milliseconds >= s_min && milliseconds <= s_max
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new InvalidDataException($"The {what}, {milliseconds} ms, is not a date between the years 1 and 9999.");
}
