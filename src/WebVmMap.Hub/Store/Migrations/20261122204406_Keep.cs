using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.Migrations
{
    /// <inheritdoc />
    public partial class Keep : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Cause",
                table: "Snapshots",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<long>(
                name: "DeletedAt",
                table: "Snapshots",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ImportFile",
                table: "Snapshots",
                type: "TEXT",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ImportFormat",
                table: "Snapshots",
                type: "TEXT",
                maxLength: 16,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Note",
                table: "Snapshots",
                type: "TEXT",
                maxLength: 4000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "Pinned",
                table: "Snapshots",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "ScheduleId",
                table: "Snapshots",
                type: "TEXT",
                maxLength: 22,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchText",
                table: "Snapshots",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "TakenBy",
                table: "Snapshots",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "Audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Who = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Action = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Target = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Details = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Schedules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    HostId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProcessName = table.Column<string>(type: "TEXT", maxLength: 260, nullable: false),
                    Pid = table.Column<int>(type: "INTEGER", nullable: true),
                    StartStamp = table.Column<long>(type: "INTEGER", nullable: true),
                    Trigger = table.Column<int>(type: "INTEGER", nullable: false),
                    Minutes = table.Column<int>(type: "INTEGER", nullable: false),
                    LimitBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    LastTakenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastSnapshotId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: true),
                    LastTriedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastError = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    TakenCount = table.Column<long>(type: "INTEGER", nullable: false),
                    SkippedCount = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Schedules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Settings", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Shares",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SnapshotId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    SecondSnapshotId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: true),
                    ViewState = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    RedactCommandLine = table.Column<bool>(type: "INTEGER", nullable: false),
                    RedactUser = table.Column<bool>(type: "INTEGER", nullable: false),
                    RedactPaths = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedBy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    OpenedCount = table.Column<long>(type: "INTEGER", nullable: false),
                    LastOpenedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Shares", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Snapshots_DeletedAt",
                table: "Snapshots",
                column: "DeletedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Snapshots_HostId_TakenAt",
                table: "Snapshots",
                columns: new[] { "HostId", "TakenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_At",
                table: "Audit",
                column: "At");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Audit");

            migrationBuilder.DropTable(
                name: "Schedules");

            migrationBuilder.DropTable(
                name: "Settings");

            migrationBuilder.DropTable(
                name: "Shares");

            migrationBuilder.DropIndex(
                name: "IX_Snapshots_DeletedAt",
                table: "Snapshots");

            migrationBuilder.DropIndex(
                name: "IX_Snapshots_HostId_TakenAt",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "Cause",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "ImportFile",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "ImportFormat",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "Note",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "Pinned",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "ScheduleId",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "SearchText",
                table: "Snapshots");

            migrationBuilder.DropColumn(
                name: "TakenBy",
                table: "Snapshots");
        }
    }
}
