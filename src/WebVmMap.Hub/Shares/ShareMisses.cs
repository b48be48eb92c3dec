using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace WebVmMap.Hub.Shares;

/// <summary>Counts, by address, how often something was tried that opens nothing: after too many, nothing is looked up for a while. Thread-safe.</summary>
internal sealed class ShareMisses : IDisposable
{
    public const int PerMinute = 20;

    private readonly PartitionedRateLimiter<IPAddress?> _limiter = PartitionedRateLimiter.Create<IPAddress?, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(Network(address), _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Whether an address has tried too often.</summary>
    public bool IsBlocked(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address, 0);
        return !lease.IsAcquired;
    }

    /// <summary>An address tried something that opens nothing.</summary>
    public void Count(IPAddress? address) => _limiter.AttemptAcquire(address).Dispose();

    public void Dispose() => _limiter.Dispose();

    // Whoever has one address of IPv6 has the 2^64 beside it.
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.MapToIPv4().ToString(),
    };
}
