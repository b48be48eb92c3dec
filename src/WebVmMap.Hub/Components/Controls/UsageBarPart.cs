using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>A category's part of a bar.</summary>
/// <param name="Category">Which; null for what is unaccounted for.</param>
/// <param name="Width">Its width in CSS.</param>
/// <param name="Hint">What it says on hover.</param>
public sealed record UsageBarPart(RegionCategory? Category, string Width, string Hint);
