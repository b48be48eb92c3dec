using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace WebVmMap.Hub.Store;

/// <summary>The database refused; the message is one sentence for a person: what, why, and what to do.</summary>
public sealed class StoreException(string message, Exception inner) : Exception(message, inner)
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>True when the disk of an SQLite database is full.</summary>
    internal bool DiskIsFull => Cause(InnerException!) is SqliteException { SqliteErrorCode: Full };

    /// <summary>Runs something on the database and says clearly why it failed.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    internal static async Task<T> GuardAsync<T>(DatabaseTarget target, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception ex) when (Cause(ex) is { } cause)
        {
            throw new StoreException(Explain(cause, target.Name), ex);
        }
    }

    // Entity Framework wraps what the database said: on saving, and where it thinks that a retry might help.
    private static DbException? Cause(Exception exception) => exception switch
    {
        DbException database => database,
        DbUpdateException or InvalidOperationException => exception.InnerException as DbException,
        _ => null,
    };

    /// <summary>What a database error means for the one who runs the hub.</summary>
    internal static string Explain(DbException error, string name) => error switch
    {
        SqliteException sqlite => Explain(sqlite, name),
        PostgresException postgres => Explain(postgres, name),
        NpgsqlException { InnerException: TimeoutException } => $"The database {name} did not answer in time: see how busy its server is, and try again.",
        _ => $"The database {name} cannot be reached ({error.InnerException?.Message ?? error.Message}): see that its server runs, and try again.",
    };

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static string Explain(PostgresException error, string name) => error.SqlState switch
    {
        PostgresErrorCodes.DiskFull => $"The disk of the database {name} is full: make room there and try again.",
        PostgresErrorCodes.TooManyConnections => $"The database {name} takes no more connections: raise max_connections there, or lower Maximum Pool Size in the connection string.",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The database {name} refuses the user or the password of the connection string: check both.",
        PostgresErrorCodes.InvalidCatalogName => $"There is no database {name}: make it with createdb.",
        PostgresErrorCodes.InsufficientPrivilege => $"The database {name} lacks rights for the hub's user: make that user its owner.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"The database {name} is read-only now: connect the hub to the primary server.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            $"The database {name} is starting or stopping: try again when it runs.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => $"The database {name} is damaged: restore it from a backup.",
        _ => $"The database {name} refused: {error.MessageText}",
    };

    private static string Explain(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Full => $"The disk that holds {path} is full: make room there and try again.",
        Busy or Locked => $"Another program holds the database {path}: end it, or wait, and try again.",
        ReadOnly or CannotOpen => $"The database {path} cannot be written: check the rights of the file and its folder.",
        IoError => $"The disk that holds {path} reports an error ({error.Message}): check it and try again.",
        Corrupt or NotADatabase => $"The database {path} is damaged: restore it from a backup, or move it away to begin anew.",
        _ => $"The database {path} refused: {error.Message}",
    };
}
