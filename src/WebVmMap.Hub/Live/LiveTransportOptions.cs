namespace WebVmMap.Hub.Live;

/// <summary>How long the transport under live frames is patient.</summary>
internal sealed class LiveTransportOptions
{
    /// <summary>A viewer that reads nothing for this long is let go; until then it only loses its own frames.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
