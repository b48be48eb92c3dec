using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>Runs something on the database and says clearly why it failed.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    internal static async Task<T> GuardAsync<T>(string path, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (DbUpdateException ex) when (ex.InnerException is SqliteException sqlite)
        {
            throw new StoreException(Explain(sqlite, path), ex);
        }
        catch (SqliteException ex)
        {
            throw new StoreException(Explain(ex, path), ex);
        }
    }

    /// <summary>What a database error means for the one who runs the hub.</summary>
    internal static string Explain(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Full => $"The disk that holds {path} is full: make room there and try again.",
        Busy or Locked => $"Another program holds the database {path}: end it, or wait, and try again.",
        ReadOnly or CannotOpen => $"The database {path} cannot be written: check the rights of the file and its folder.",
        IoError => $"The disk that holds {path} reports an error ({error.Message}): check it and try again.",
        Corrupt or NotADatabase => $"The database {path} is damaged: restore it from a backup, or move it away to begin anew.",
        _ => $"The database {path} refused: {error.Message}",
    };
}
