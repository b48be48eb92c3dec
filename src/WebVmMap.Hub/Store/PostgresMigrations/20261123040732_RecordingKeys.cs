using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.PostgresMigrations
{
    /// <inheritdoc />
    public partial class RecordingKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "RecordingKeys",
                columns: table => new
                {
                    RecordingId = table.Column<string>(type: "character varying(22)", maxLength: 22, nullable: false),
                    Intervals = table.Column<int>(type: "integer", nullable: false),
                    Additions = table.Column<byte[]>(type: "bytea", nullable: false),
                    Ledger = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecordingKeys", x => new { x.RecordingId, x.Intervals });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RecordingKeys");
        }
    }
}
