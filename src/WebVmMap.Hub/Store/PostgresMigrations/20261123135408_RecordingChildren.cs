using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.PostgresMigrations
{
    /// <inheritdoc />
    public partial class RecordingChildren : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "FollowsChildren",
                table: "Recordings",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "ParentId",
                table: "Recordings",
                type: "character varying(22)",
                maxLength: 22,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "ParentPid",
                table: "Recordings",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "FollowsChildren",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "ParentId",
                table: "Recordings");

            migrationBuilder.DropColumn(
                name: "ParentPid",
                table: "Recordings");
        }
    }
}
