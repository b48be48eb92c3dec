using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>The hub's database: the model, and SQLite's migrations of it. Short-lived and used by one thread; made by its factory.</summary>
public class HubDbContext : DbContext
{
    /// <summary>On SQLite.</summary>
    public HubDbContext(DbContextOptions<HubDbContext> options)
        : base(options)
    {
    }

    /// <summary>On another database, which has migrations of its own.</summary>
    protected HubDbContext(DbContextOptions options)
        : base(options)
    {
    }

    internal DbSet<HostRecord> Hosts => Set<HostRecord>();

    internal DbSet<SnapshotRecord> Snapshots => Set<SnapshotRecord>();

    internal DbSet<SnapshotDataRecord> SnapshotData => Set<SnapshotDataRecord>();

    internal DbSet<ScheduleRecord> Schedules => Set<ScheduleRecord>();

    internal DbSet<ShareRecord> Shares => Set<ShareRecord>();

    internal DbSet<RecordingRecord> Recordings => Set<RecordingRecord>();

    internal DbSet<RecordingSegmentRecord> RecordingSegments => Set<RecordingSegmentRecord>();

    internal DbSet<RecordingKeyRecord> RecordingKeys => Set<RecordingKeyRecord>();

    internal DbSet<RecordingMarkRecord> RecordingMarks => Set<RecordingMarkRecord>();

    internal DbSet<RecordingBlocksRecord> RecordingBlocks => Set<RecordingBlocksRecord>();

    internal DbSet<SnapshotBlocksRecord> SnapshotBlocks => Set<SnapshotBlocksRecord>();

    internal DbSet<AuditRecord> Audit => Set<AuditRecord>();

    internal DbSet<SettingRecord> Settings => Set<SettingRecord>();

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
            snapshot.Property(s => s.Note).HasMaxLength(4000).HasDefaultValue("");
            snapshot.Property(s => s.Pinned).HasDefaultValue(false);
            // What was kept before causes were: a person or a script had asked for it.
            snapshot.Property(s => s.Cause).HasDefaultValue(SnapshotCause.ByHand).HasSentinel(SnapshotCause.Unspecified);
            snapshot.Property(s => s.TakenBy).HasMaxLength(64).HasDefaultValue("");
            snapshot.Property(s => s.ScheduleId).HasMaxLength(22);
            snapshot.Property(s => s.ImportFile).HasMaxLength(255);
            snapshot.Property(s => s.ImportFormat).HasMaxLength(16);
            snapshot.Property(s => s.SearchText).HasDefaultValue("");
            snapshot.HasQueryFilter(s => s.DeletedAt == null);
            snapshot.HasIndex(s => s.TakenAt);
            snapshot.HasIndex(s => new { s.HostId, s.TakenAt });
            snapshot.HasIndex(s => s.DeletedAt);
            snapshot.HasIndex(s => new { s.HostId, s.Pid, s.TakenAt });
            snapshot.HasOne<SnapshotDataRecord>().WithOne().HasForeignKey<SnapshotDataRecord>(d => d.Id).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<SnapshotDataRecord>(data =>
        {
            data.HasKey(d => d.Id);
            data.Property(d => d.Id).HasMaxLength(22);
        });
        modelBuilder.Entity<ScheduleRecord>(schedule =>
        {
            schedule.HasKey(s => s.Id);
            schedule.Property(s => s.Id).HasMaxLength(22);
            schedule.Property(s => s.HostId).HasMaxLength(64);
            schedule.Property(s => s.ProcessName).HasMaxLength(260);
            schedule.Property(s => s.Label).HasMaxLength(200);
            schedule.Property(s => s.CreatedBy).HasMaxLength(64);
            schedule.Property(s => s.LastSnapshotId).HasMaxLength(22);
            schedule.Property(s => s.LastError).HasMaxLength(1000);
            schedule.Property(s => s.Firings).HasDefaultValue("");
            schedule.HasIndex(s => s.HostId);
        });
        modelBuilder.Entity<ShareRecord>(share =>
        {
            share.HasKey(s => s.Id);
            share.Property(s => s.Id).HasMaxLength(22);
            share.Property(s => s.Hash).HasMaxLength(64);
            share.Property(s => s.SnapshotId).HasMaxLength(22);
            share.Property(s => s.SecondSnapshotId).HasMaxLength(22);
            share.Property(s => s.ViewState).HasMaxLength(4000);
            share.Property(s => s.Name).HasMaxLength(100);
            share.Property(s => s.Note).HasMaxLength(1000);
            share.Property(s => s.CreatedBy).HasMaxLength(64);
            share.Property(s => s.RevokedBy).HasMaxLength(64);
            share.HasIndex(s => s.Hash).IsUnique();
            // No foreign key: a link outlives its snapshot, to say that it is gone and to stay in the list of who shared what.
            share.HasIndex(s => s.SnapshotId);
            share.HasIndex(s => s.SecondSnapshotId);
            share.Property(s => s.RecordingId).HasMaxLength(22);
            share.HasIndex(s => s.RecordingId);
        });
        modelBuilder.Entity<RecordingRecord>(recording =>
        {
            recording.HasKey(r => r.Id);
            recording.Property(r => r.Id).HasMaxLength(22);
            recording.Property(r => r.HostId).HasMaxLength(64);
            recording.Property(r => r.HostName).HasMaxLength(100);
            recording.Property(r => r.Program).HasMaxLength(260).HasDefaultValue("");
            recording.Property(r => r.CommandLine).HasMaxLength(1000);
            recording.Property(r => r.ParentId).HasMaxLength(22).HasDefaultValue("");
            recording.Property(r => r.Error).HasMaxLength(1000);
            recording.Property(r => r.StartedBy).HasMaxLength(64);
            recording.Property(r => r.Name).HasMaxLength(200).HasDefaultValue("");
            recording.Property(r => r.Note).HasMaxLength(4000).HasDefaultValue("");
        });
        modelBuilder.Entity<RecordingSegmentRecord>(segment =>
        {
            segment.HasKey(s => new { s.RecordingId, s.First });
            segment.Property(s => s.RecordingId).HasMaxLength(22);
        });
        modelBuilder.Entity<RecordingKeyRecord>(key =>
        {
            key.HasKey(k => new { k.RecordingId, k.Intervals });
            key.Property(k => k.RecordingId).HasMaxLength(22);
        });
        modelBuilder.Entity<RecordingMarkRecord>(mark =>
        {
            mark.HasKey(m => m.Id);
            mark.Property(m => m.RecordingId).HasMaxLength(22);
            mark.Property(m => m.Label).HasMaxLength(RecordingMark.MaximumLabel);
            mark.Property(m => m.CreatedBy).HasMaxLength(64);
            mark.HasIndex(m => m.RecordingId);
        });
        modelBuilder.Entity<RecordingBlocksRecord>(blocks =>
        {
            blocks.HasKey(b => b.RecordingId);
            blocks.Property(b => b.RecordingId).HasMaxLength(22);
        });
        modelBuilder.Entity<SnapshotBlocksRecord>(blocks =>
        {
            blocks.HasKey(b => b.SnapshotId);
            blocks.Property(b => b.SnapshotId).HasMaxLength(22);
            blocks.Property(b => b.RecordingId).HasMaxLength(22);
            blocks.HasOne<SnapshotRecord>().WithOne().HasForeignKey<SnapshotBlocksRecord>(b => b.SnapshotId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<AuditRecord>(audit =>
        {
            audit.HasKey(a => a.Id);
            audit.Property(a => a.Who).HasMaxLength(64);
            audit.Property(a => a.Action).HasMaxLength(64);
            audit.Property(a => a.Target).HasMaxLength(200);
            audit.Property(a => a.Details).HasMaxLength(1000);
            audit.HasIndex(a => a.At);
        });
        modelBuilder.Entity<SettingRecord>(setting =>
        {
            setting.HasKey(s => s.Name);
            setting.Property(s => s.Name).HasMaxLength(64);
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
