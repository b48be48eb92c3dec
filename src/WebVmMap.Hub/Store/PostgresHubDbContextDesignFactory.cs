using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace WebVmMap.Hub.Store;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model without starting a hub or a server.</summary>
internal sealed class PostgresHubDbContextDesignFactory : IDesignTimeDbContextFactory<PostgresHubDbContext>
{
    public PostgresHubDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresHubDbContext>().UseNpgsql("Host=none").Options);
}
