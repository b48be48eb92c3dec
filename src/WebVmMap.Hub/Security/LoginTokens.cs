using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Security;

/// <summary>Sign-in links that work once. Only hashes are kept. Thread-safe.</summary>
public sealed class LoginTokens(HubDatabase database, TimeProvider time)
{
    /// <summary>How long the link printed at start can be used: as long as anyone may come back to that terminal.</summary>
    public static readonly TimeSpan StartLifetime = TimeSpan.FromDays(7);

    /// <summary>How long a link made on demand can be used.</summary>
    public static readonly TimeSpan OnDemandLifetime = TimeSpan.FromMinutes(15);

    /// <summary>Makes a token.</summary>
    /// <param name="lifetime">How long it can be used.</param>
    /// <param name="only">True makes every older one worthless.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task<string> CreateAsync(TimeSpan lifetime, bool only, CancellationToken cancellation)
    {
        var token = SecretText.New();
        await database.UseAsync(async context =>
        {
            var now = time.GetUtcNow();
            await context.Logins.Where(l => only || l.ExpiresAt < now).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            context.Logins.Add(new LoginRecord { Hash = SecretText.Hash(token), ExpiresAt = now + lifetime });
            return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return token;
    }

    /// <summary>Uses a token up.</summary>
    /// <returns>True for the one caller that came first with a valid token.</returns>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task<bool> TryUseAsync(string token, CancellationToken cancellation)
    {
        if (token.Length is 0 or > SecretText.MaximumLength)
        {
            return false;
        }
        // One statement, so that of two callers at the same moment only one deletes the row.
        var hash = SecretText.Hash(token);
        var now = time.GetUtcNow();
        return await database.UseAsync(context => context.Logins.Where(l => l.Hash == hash && l.ExpiresAt > now).ExecuteDeleteAsync(cancellation), cancellation).ConfigureAwait(false) == 1;
    }
}
