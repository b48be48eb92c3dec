using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.PostgresMigrations
{
    /// <inheritdoc />
    public partial class RecordingProgram : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Program",
                table: "Recordings",
                type: "character varying(260)",
                maxLength: 260,
                nullable: false,
                defaultValue: "");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Program",
                table: "Recordings");
        }
    }
}
