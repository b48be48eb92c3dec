using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WebVmMap.Hub.Store;

/// <summary>Sets what holds per connection: a commit has reached the disk before it is acknowledged, and foreign keys count.</summary>
internal sealed class DurabilityInterceptor : DbConnectionInterceptor
{
    // https://www.sqlite.org/pragma.html#pragma_synchronous : in WAL mode only FULL keeps the last commits over a power failure.
    // The number of pages after which the log is written back is SQLite's own; a connection that had another begins anew.
    private const string Pragmas = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
