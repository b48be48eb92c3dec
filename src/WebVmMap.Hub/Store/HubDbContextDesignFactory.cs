using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace WebVmMap.Hub.Store;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model without starting a hub.</summary>
internal sealed class HubDbContextDesignFactory : IDesignTimeDbContextFactory<HubDbContext>
{
    public HubDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<HubDbContext>().UseSqlite("Data Source=:memory:").Options);
}
