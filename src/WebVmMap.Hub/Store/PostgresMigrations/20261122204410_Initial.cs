using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace WebVmMap.Hub.Store.PostgresMigrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Who = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Action = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Target = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Details = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Hosts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    MachineId = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Platform = table.Column<byte>(type: "smallint", nullable: false),
                    OsDescription = table.Column<string>(type: "text", nullable: false),
                    Architecture = table.Column<string>(type: "text", nullable: false),
                    AgentVersion = table.Column<string>(type: "text", nullable: false),
                    LastSeen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Hosts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Keys",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    LastUsedAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    BoundHostId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Keys", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "Logins",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Logins", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "Schedules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: false),
                    HostId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ProcessName = table.Column<string>(type: "character varying(260)", maxLength: 260, nullable: false),
                    Pid = table.Column<int>(type: "integer", nullable: true),
                    StartStamp = table.Column<long>(type: "bigint", nullable: true),
                    Trigger = table.Column<int>(type: "integer", nullable: false),
                    Minutes = table.Column<int>(type: "integer", nullable: false),
                    LimitBytes = table.Column<long>(type: "bigint", nullable: false),
                    Label = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Enabled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    CreatedBy = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    LastTakenAt = table.Column<long>(type: "bigint", nullable: true),
                    LastSnapshotId = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: true),
                    LastTriedAt = table.Column<long>(type: "bigint", nullable: true),
                    LastError = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    TakenCount = table.Column<long>(type: "bigint", nullable: false),
                    SkippedCount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Schedules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Settings", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Shares",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SnapshotId = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: false),
                    SecondSnapshotId = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: true),
                    ViewState = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    RedactCommandLine = table.Column<bool>(type: "boolean", nullable: false),
                    RedactUser = table.Column<bool>(type: "boolean", nullable: false),
                    RedactPaths = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    CreatedBy = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedBy = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    OpenedCount = table.Column<long>(type: "bigint", nullable: false),
                    LastOpenedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Shares", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Snapshots",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: false),
                    HostId = table.Column<string>(type: "text", nullable: false),
                    HostName = table.Column<string>(type: "text", nullable: false),
                    Pid = table.Column<int>(type: "integer", nullable: false),
                    StartStamp = table.Column<long>(type: "bigint", nullable: false),
                    ParentPid = table.Column<int>(type: "integer", nullable: false),
                    ProcessName = table.Column<string>(type: "text", nullable: false),
                    CommandLine = table.Column<string>(type: "text", nullable: false),
                    User = table.Column<string>(type: "text", nullable: false),
                    Architecture = table.Column<string>(type: "text", nullable: false),
                    Managed = table.Column<bool>(type: "boolean", nullable: false),
                    StartTime = table.Column<long>(type: "bigint", nullable: false),
                    PrivateBytes = table.Column<long>(type: "bigint", nullable: false),
                    WorkingSetBytes = table.Column<long>(type: "bigint", nullable: false),
                    Limitation = table.Column<string>(type: "text", nullable: false),
                    TakenAt = table.Column<long>(type: "bigint", nullable: false),
                    Label = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Note = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false, defaultValue: ""),
                    Pinned = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    Cause = table.Column<int>(type: "integer", nullable: false, defaultValue: 1),
                    TakenBy = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, defaultValue: ""),
                    ScheduleId = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: true),
                    ImportFile = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    ImportFormat = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    SearchText = table.Column<string>(type: "text", nullable: false, defaultValue: ""),
                    DeletedAt = table.Column<long>(type: "bigint", nullable: true),
                    RegionCount = table.Column<int>(type: "integer", nullable: false),
                    StoredBytes = table.Column<long>(type: "bigint", nullable: false),
                    Committed = table.Column<long>(type: "bigint", nullable: false),
                    Private = table.Column<long>(type: "bigint", nullable: false),
                    TotalWs = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Snapshots", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SnapshotData",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: false),
                    Data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SnapshotData", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SnapshotData_Snapshots_Id",
                        column: x => x.Id,
                        principalTable: "Snapshots",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_At",
                table: "Audit",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Hosts_MachineId",
                table: "Hosts",
                column: "MachineId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Keys_Kind_Name",
                table: "Keys",
                columns: new[] { "Kind", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Schedules_HostId",
                table: "Schedules",
                column: "HostId");

            migrationBuilder.CreateIndex(
                name: "IX_Shares_Hash",
                table: "Shares",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Shares_SecondSnapshotId",
                table: "Shares",
                column: "SecondSnapshotId");

            migrationBuilder.CreateIndex(
                name: "IX_Shares_SnapshotId",
                table: "Shares",
                column: "SnapshotId");

            migrationBuilder.CreateIndex(
                name: "IX_Snapshots_DeletedAt",
                table: "Snapshots",
                column: "DeletedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Snapshots_HostId_Pid_TakenAt",
                table: "Snapshots",
                columns: new[] { "HostId", "Pid", "TakenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Snapshots_HostId_TakenAt",
                table: "Snapshots",
                columns: new[] { "HostId", "TakenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Snapshots_TakenAt",
                table: "Snapshots",
                column: "TakenAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Audit");

            migrationBuilder.DropTable(
                name: "Hosts");

            migrationBuilder.DropTable(
                name: "Keys");

            migrationBuilder.DropTable(
                name: "Logins");

            migrationBuilder.DropTable(
                name: "Schedules");

            migrationBuilder.DropTable(
                name: "Settings");

            migrationBuilder.DropTable(
                name: "Shares");

            migrationBuilder.DropTable(
                name: "SnapshotData");

            migrationBuilder.DropTable(
                name: "Snapshots");
        }
    }
}
