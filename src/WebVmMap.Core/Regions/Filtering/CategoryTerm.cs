using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary><c>cat:heap,image</c>: the category is one of those named. A name that no category has matches nothing.</summary>
internal sealed class CategoryTerm : FilterTerm
{
    private readonly bool[] _wanted = new bool[RegionCategories.Length];

    public CategoryTerm(string names)
    {
        foreach (var name in names.Split(','))
        {
            if (RegionCategories.TryParse(name, out var category))
            {
                _wanted[(int)category] = true;
            }
        }
    }

    public override bool Matches(RegionTable table, int row, HostPlatform platform) => _wanted[(int)table.Categories[row]];
}
