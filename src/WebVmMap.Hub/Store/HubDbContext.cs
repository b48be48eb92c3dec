using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>The hub's database. Short-lived and used by one thread; made by its factory.</summary>
public sealed class HubDbContext(DbContextOptions<HubDbContext> options) : DbContext(options)
{
    internal DbSet<HostRecord> Hosts => Set<HostRecord>();

    internal DbSet<SnapshotRecord> Snapshots => Set<SnapshotRecord>();

    internal DbSet<SnapshotDataRecord> SnapshotData => Set<SnapshotDataRecord>();

    internal DbSet<KeyRecord> Keys => Set<KeyRecord>();

    internal DbSet<LoginRecord> Logins => Set<LoginRecord>();

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Neither SQLite nor its provider can sort a DateTimeOffset; milliseconds they can.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<HostRecord>(host =>
        {
            host.HasKey(h => h.Id);
            host.Property(h => h.Id).HasMaxLength(64);
            host.Property(h => h.MachineId).HasMaxLength(128);
            host.Property(h => h.Name).HasMaxLength(100);
            host.HasIndex(h => h.MachineId).IsUnique();
        });
        modelBuilder.Entity<SnapshotRecord>(snapshot =>
        {
            snapshot.HasKey(s => s.Id);
            snapshot.Property(s => s.Id).HasMaxLength(22);
            snapshot.Property(s => s.Label).HasMaxLength(200);
            snapshot.HasIndex(s => s.TakenAt);
            snapshot.HasIndex(s => new { s.HostId, s.Pid, s.TakenAt });
            snapshot.HasOne<SnapshotDataRecord>().WithOne().HasForeignKey<SnapshotDataRecord>(d => d.Id).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<SnapshotDataRecord>(data =>
        {
            data.HasKey(d => d.Id);
            data.Property(d => d.Id).HasMaxLength(22);
        });
        modelBuilder.Entity<KeyRecord>(key =>
        {
            key.HasKey(k => k.Hash);
            key.Property(k => k.Hash).HasMaxLength(64);
            key.Property(k => k.Name).HasMaxLength(64);
            key.Property(k => k.BoundHostId).HasMaxLength(64);
            key.HasIndex(k => new { k.Kind, k.Name }).IsUnique();
        });
        modelBuilder.Entity<LoginRecord>(login =>
        {
            login.HasKey(l => l.Hash);
            login.Property(l => l.Hash).HasMaxLength(64);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
