using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WebVmMap.Hub.Store.Migrations
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
                    RecordingId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    Intervals = table.Column<int>(type: "INTEGER", nullable: false),
                    Additions = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Ledger = table.Column<byte[]>(type: "BLOB", nullable: false)
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
