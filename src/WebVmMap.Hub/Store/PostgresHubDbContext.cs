using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WebVmMap.Hub.Store;

/// <summary>The hub's database on PostgreSQL: the same model, with migrations of its own.</summary>
public sealed class PostgresHubDbContext(DbContextOptions<PostgresHubDbContext> options) : HubDbContext(options)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // https://www.postgresql.org/docs/current/datatype-character.html : the character with code zero cannot be stored.
        configurationBuilder.Properties<string>().HaveConversion<WithoutNul>();
    }

    private sealed class WithoutNul() : ValueConverter<string, string>(text => text.Replace('\0', ' '), text => text);
}
