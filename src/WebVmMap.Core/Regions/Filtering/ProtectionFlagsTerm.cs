using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary><c>prot:rw</c>: every flag named is there. <c>prot:-</c>: none that lets anybody at the memory is.</summary>
internal sealed class ProtectionFlagsTerm : FilterTerm
{
    private const Protection AnyAccess = Protection.Read | Protection.Write | Protection.Execute | Protection.CopyOnWrite;

    private readonly Protection _all;
    private readonly Protection _none;

    private ProtectionFlagsTerm(Protection all, Protection none)
    {
        _all = all;
        _none = none;
    }

    /// <summary>Reads letters or a dash.</summary>
    /// <returns>Null when it is neither.</returns>
    public static ProtectionFlagsTerm? TryParse(string value)
    {
        if (value == "-")
        {
            return new ProtectionFlagsTerm(Protection.None, AnyAccess);
        }
        var all = Protection.None;
        foreach (var letter in value)
        {
            var flag = char.ToLowerInvariant(letter) switch
            {
                'r' => Protection.Read,
                'w' => Protection.Write,
                'x' => Protection.Execute,
                's' => Protection.Shared,
                'c' => Protection.CopyOnWrite,
                'g' => Protection.Guard,
                _ => Protection.None,
            };
            if (flag == Protection.None)
            {
                return null;
            }
            all |= flag;
        }
        return new ProtectionFlagsTerm(all, Protection.None);
    }

    public override bool Matches(RegionTable table, int row, HostPlatform platform)
    {
        var protection = table.Protections[row];
        return (protection & _all) == _all && (protection & _none) == 0;
    }
}
