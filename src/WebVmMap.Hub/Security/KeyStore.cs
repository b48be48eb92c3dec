using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Security;

/// <summary>The keys that were handed out. Each call asks the database, so a revoked key is refused from the next call on. Thread-safe.</summary>
public sealed class KeyStore(HubDatabase database, TimeProvider time)
{
    // Last use is told to the minute: a write to disk for each call would cost more than it tells.
    private static readonly TimeSpan s_lastUsedStep = TimeSpan.FromMinutes(1);

    /// <summary>Makes a key.</summary>
    /// <param name="kind">What it opens.</param>
    /// <param name="name">Its name, 1 to 64 characters, not in use by another valid key of the kind.</param>
    /// <param name="boundHostId">For an agent's key, the host it is for; null binds it to the host that uses it first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key: it cannot be had again.</returns>
    /// <exception cref="ArgumentException">The name will not do; the message says why.</exception>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task<string> CreateAsync(KeyKind kind, string name, string? boundHostId, CancellationToken cancellation)
    {
        if (name.Length is 0 or > 64 || name.Any(char.IsControl))
        {
            throw new ArgumentException("A key's name has 1 to 64 printable characters.");
        }
        var secret = SecretText.New();
        await database.UseAsync(async keys =>
        {
            if (boundHostId is not null && !await keys.Hosts.AnyAsync(h => h.Id == boundHostId, cancellation).ConfigureAwait(false))
            {
                throw new ArgumentException($"There is no host {boundHostId}.");
            }
            if (await keys.Keys.FirstOrDefaultAsync(k => k.Kind == kind && k.Name == name, cancellation).ConfigureAwait(false) is { } same)
            {
                if (same.RevokedAt is null)
                {
                    throw new ArgumentException($"There is a key named {name}: take another name, or revoke that one first.");
                }
                keys.Keys.Remove(same);
                await keys.SaveChangesAsync(cancellation).ConfigureAwait(false);
            }
            keys.Keys.Add(new KeyRecord { Hash = SecretText.Hash(secret), Kind = kind, Name = name, CreatedAt = time.GetUtcNow(), BoundHostId = boundHostId });
            return await keys.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return secret;
    }

    /// <summary>The keys of a kind, by name.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public Task<IReadOnlyList<KeyInfo>> ListAsync(KeyKind kind, CancellationToken cancellation) =>
        database.UseAsync<IReadOnlyList<KeyInfo>>(async keys =>
        {
            var records = await keys.Keys.AsNoTracking().Where(k => k.Kind == kind).OrderBy(k => k.Name).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. records.Select(k => new KeyInfo(k.Kind, k.Name, k.CreatedAt, k.LastUsedAt, k.RevokedAt, k.BoundHostId))];
        }, cancellation);

    /// <summary>Makes a key worthless.</summary>
    /// <returns>False when there is no valid key of that name.</returns>
    /// <exception cref="StoreException">The database refused.</exception>
    public Task<bool> RevokeAsync(KeyKind kind, string name, CancellationToken cancellation) => database.FreeAsync(async keys =>
    {
        var record = await keys.Keys.FirstOrDefaultAsync(k => k.Kind == kind && k.Name == name && k.RevokedAt == null, cancellation).ConfigureAwait(false);
        if (record is null)
        {
            return false;
        }
        record.RevokedAt = time.GetUtcNow();
        await keys.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return true;
    }, cancellation);

    /// <summary>The valid key with this secret, or null.</summary>
    internal Task<KeyRecord?> FindAsync(KeyKind kind, string secret, CancellationToken cancellation) =>
        secret.Length is 0 or > SecretText.MaximumLength ? Task.FromResult<KeyRecord?>(null) : database.UseAsync(async keys =>
        {
            var hash = SecretText.Hash(secret);
            var record = await keys.Keys.FirstOrDefaultAsync(k => k.Hash == hash && k.Kind == kind && k.RevokedAt == null, cancellation).ConfigureAwait(false);
            if (record is not null && (record.LastUsedAt is not { } last || time.GetUtcNow() - last >= s_lastUsedStep))
            {
                record.LastUsedAt = time.GetUtcNow();
                await keys.SaveChangesAsync(cancellation).ConfigureAwait(false);
            }
            return record;
        }, cancellation);

    /// <summary>Whether a key is still valid.</summary>
    internal Task<bool> IsValidAsync(string hash, CancellationToken cancellation) =>
        database.UseAsync(keys => keys.Keys.AnyAsync(k => k.Hash == hash && k.RevokedAt == null, cancellation), cancellation);

    /// <summary>Hash of some valid agent's key that speaks for a host, or null when there is none.</summary>
    internal Task<string?> KeyOfHostAsync(string hostId, CancellationToken cancellation) =>
        database.UseAsync(keys => keys.Keys.Where(k => k.Kind == KeyKind.Agent && k.BoundHostId == hostId && k.RevokedAt == null).Select(k => k.Hash).FirstOrDefaultAsync(cancellation), cancellation);

    /// <summary>From now on a key speaks for one host only.</summary>
    internal Task BindAsync(string hash, string hostId, CancellationToken cancellation) =>
        database.UseAsync(keys => keys.Keys.Where(k => k.Hash == hash && k.BoundHostId == null).ExecuteUpdateAsync(set => set.SetProperty(k => k.BoundHostId, hostId), cancellation), cancellation);
}
