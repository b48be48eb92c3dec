using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.Migrations
{
    /// <inheritdoc />
    public partial class RecordingBefore : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Before",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "BeforeBlocks",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "BeforeBytes",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "BeforeUnwalkedBytes",
                table: "Recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Before",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "BeforeBlocks",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "BeforeBytes",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "BeforeUnwalkedBytes",
                table: "Recordings");
        }
    }
}
