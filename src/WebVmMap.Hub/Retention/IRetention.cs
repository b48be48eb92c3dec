namespace WebVmMap.Hub.Retention;

/// <summary>What is kept how long. Members throw <see cref="Store.StoreException"/> when the database refuses. Thread-safe.</summary>
public interface IRetention
{
    /// <summary>The limits, and how much there is.</summary>
    Task<RetentionState> StateAsync(CancellationToken cancellation);

    /// <summary>Sets the limits. What is beyond them goes within minutes.</summary>
    /// <exception cref="ArgumentException">They have a <see cref="RetentionSettings.Problem"/>.</exception>
    Task SetAsync(RetentionSettings settings, string who, CancellationToken cancellation);
}
