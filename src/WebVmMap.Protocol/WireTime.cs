namespace WebVmMap.Protocol;

/// <summary>Moments as milliseconds since 1970 UTC.</summary>
internal static class WireTime
{
    // The range of DateTimeOffset: https://learn.microsoft.com/dotnet/api/system.datetimeoffset.fromunixtimemilliseconds
    private static readonly long s_min = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_max = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <exception cref="InvalidDataException">No moment that a calendar has.</exception>
    public static DateTimeOffset FromWire(long milliseconds) => milliseconds >= s_min && milliseconds <= s_max
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : throw new InvalidDataException($"A time of {milliseconds} ms since 1970 is outside the calendar.");
}
