using Npgsql;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Store;

/// <summary>Which database the hub keeps everything in. Immutable.</summary>
public sealed class DatabaseTarget
{
    private DatabaseTarget(string? postgres, string name, string? sqliteFile)
    {
        PostgresConnection = postgres;
        Name = name;
        SqliteFile = sqliteFile;
    }

    /// <summary>What messages call it: the file, or the database and its server. Holds no secret.</summary>
    public string Name { get; }

    /// <summary>The database file; null on PostgreSQL.</summary>
    public string? SqliteFile { get; }

    /// <summary>How to connect to PostgreSQL, password included: never to be logged. Null on SQLite.</summary>
    internal string? PostgresConnection { get; }

    /// <summary>The database that the options ask for: PostgreSQL, or else SQLite in the data folder.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read; the message says what to give and repeats nothing of it.</exception>
    public static DatabaseTarget Of(HubOptions options, DataFolder folder) =>
        options.Database is { } connection ? Postgres(connection) : new DatabaseTarget(null, folder.Database, folder.Database);

    /// <summary>PostgreSQL by a connection string.</summary>
    /// <exception cref="ArgumentException">It cannot be read; the message says what to give and repeats nothing of it.</exception>
    public static DatabaseTarget Postgres(string connection)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception ex) when (ex is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new ArgumentException(Usage, ex);
        }
        if (string.IsNullOrEmpty(builder.Host) || string.IsNullOrEmpty(builder.Database))
        {
            throw new ArgumentException(Usage);
        }
        builder.ApplicationName ??= "webvmmap-hub";
        // The server's own words about a row could repeat what is in it.
        builder.IncludeErrorDetail = false;
        return new DatabaseTarget(builder.ConnectionString, $"{builder.Database} on the PostgreSQL server {builder.Host}", null);
    }

    private const string Usage =
        "--database (or WEBVMMAP_DATABASE) is no connection string of a PostgreSQL database: give one like Host=db.example;Database=webvmmap;Username=webvmmap;Password=...";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
