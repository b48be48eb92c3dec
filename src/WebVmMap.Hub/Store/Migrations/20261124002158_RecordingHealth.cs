using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.Migrations
{
    /// <inheritdoc />
    public partial class RecordingHealth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Health",
                table: "Recordings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "VirtualAllocatedBytes",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "VirtualAllocations",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "VirtualFreedBytes",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "VirtualFrees",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "VirtualLiveBlocks",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "VirtualLiveBytes",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Health",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "VirtualAllocatedBytes",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "VirtualAllocations",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "VirtualFreedBytes",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "VirtualFrees",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "VirtualLiveBlocks",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "VirtualLiveBytes",
                table: "Recordings");
        }
    }
}
