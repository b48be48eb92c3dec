using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.Migrations
{
    /// <inheritdoc />
    public partial class RecordingKeeping : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "RecordingId",
                table: "Shares",
                type: "TEXT",
                maxLength: 22,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "KeepsBlocks",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Launched",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Name",
                table: "Recordings",
                type: "TEXT",
                maxLength: 200,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Note",
                table: "Recordings",
                type: "TEXT",
                maxLength: 4000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "Pinned",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "StartStamp",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "RecordingBlocks",
                columns: table => new
                {
                    RecordingId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    Data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecordingBlocks", x => x.RecordingId);
                });

            migrationBuilder.CreateTable(
                name: "SnapshotBlocks",
                columns: table => new
                {
                    SnapshotId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    RecordingId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    Stacks = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SnapshotBlocks", x => x.SnapshotId);
                    table.ForeignKey(
                        name: "FK_SnapshotBlocks_Snapshots_SnapshotId",
                        column: x => x.SnapshotId,
                        principalTable: "Snapshots",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Shares_RecordingId",
                table: "Shares",
                column: "RecordingId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RecordingBlocks");

            migrationBuilder.DropTable(
                name: "SnapshotBlocks");

            migrationBuilder.DropIndex(
                name: "IX_Shares_RecordingId",
                table: "Shares");

            migrationBuilder.DropColumn(
                name: "RecordingId",
                table: "Shares");

            migrationBuilder.DropColumn(
                name: "KeepsBlocks",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "Launched",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "Name",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "Note",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "Pinned",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "StartStamp",
                table: "Recordings");
        }
    }
}
