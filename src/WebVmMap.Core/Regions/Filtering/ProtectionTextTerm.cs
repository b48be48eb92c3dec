using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary><c>prot:rw-p</c>, <c>prot:guard</c>: the protection as the table shows it contains the text, ignoring case.</summary>
internal sealed class ProtectionTextTerm(string text) : FilterTerm
{
    public override bool Matches(RegionTable table, int row, HostPlatform platform) =>
        ProtectionText.Format(table.Protections[row], platform).Contains(text, StringComparison.OrdinalIgnoreCase);
}
