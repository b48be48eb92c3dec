namespace WebVmMap.Hub.Recordings;

/// <summary>Where what agents record comes in. Thread-safe.</summary>
internal interface IRecordingFeeds
{
    /// <summary>Opens the way in for a recording that has not ended; a newer one takes the place of an older.</summary>
    /// <param name="id">Which.</param>
    /// <param name="speaksFor">Whether whoever opens it speaks for the host that it is of.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when there is no such recording (any more).</returns>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    Task<RecordingFeed?> OpenAsync(string id, Predicate<string> speaksFor, CancellationToken cancellation);

    /// <summary>Enters a recording of a process that a recorded one started; one that is there already stays the same.</summary>
    /// <param name="child">What its agent tells of it.</param>
    /// <param name="hostId">The host that this agent speaks for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">It is not wanted; the message says why.</exception>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    Task<string> AddChildAsync(NewChild child, string hostId, CancellationToken cancellation);
}
