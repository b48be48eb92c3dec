namespace WebVmMap.Core.Regions.Filtering;

/// <summary>How a figure is compared with what was typed.</summary>
internal enum Comparison
{
    Above,
    Below,
    AtLeast,
    AtMost,
    Equal,
}
