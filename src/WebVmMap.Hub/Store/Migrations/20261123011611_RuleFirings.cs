using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.Migrations
{
    /// <inheritdoc />
    public partial class RuleFirings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Firings",
                table: "Schedules",
                type: "TEXT",
                nullable: false,
                defaultValue: "");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Firings",
                table: "Schedules");
        }
    }
}
