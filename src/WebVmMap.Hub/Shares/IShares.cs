using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Shares;

/// <summary>
/// The share links. Making, listing and revoking are for those who may see everything; <see cref="OpenAsync"/> is for whoever has a
/// link's secret. Every member throws <see cref="StoreException"/> when the database refuses. Thread-safe.
/// </summary>
public interface IShares
{
    /// <summary>Makes a link.</summary>
    /// <returns>The link and its secret, which is told this once and never again.</returns>
    /// <exception cref="ShareException">It cannot be made; the message says why.</exception>
    Task<(SharedLink Link, string Secret)> CreateAsync(ShareRequest request, CancellationToken cancellation);

    /// <summary>The links, newest first.</summary>
    /// <param name="id">Only those that show this snapshot or this recording; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<SharedLink>> ListAsync(string? id, CancellationToken cancellation);

    /// <summary>Ends a link: whoever has it open loses it within seconds.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="who">Who revokes it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when there is no such link, or it had ended already.</returns>
    Task<bool> RevokeAsync(string id, string who, CancellationToken cancellation);

    /// <summary>What the link of a secret shows.</summary>
    /// <param name="secret">As it stands in the address.</param>
    /// <param name="count">Whether this is an opening of the link by a person, which is counted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when the secret opens nothing: unknown, revoked, expired, or what it showed was deleted.</returns>
    Task<OpenedShare?> OpenAsync(string secret, bool count, CancellationToken cancellation);

    /// <summary>Tells when a link ends.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ended">Called once, from any thread, when it was revoked or expired, or what it showed was deleted; returns at once.</param>
    /// <returns>Ends the telling.</returns>
    IDisposable Watch(string id, Action ended);
}
