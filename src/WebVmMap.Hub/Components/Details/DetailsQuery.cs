using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Details;

/// <summary>Which allocations and regions the details show, and in what order.</summary>
/// <param name="Filter">The filter box's text.</param>
/// <param name="Category">Only this category; null for all.</param>
/// <param name="Sort">The order.</param>
/// <param name="ShowFree">Whether free address space is listed; it always is when it is the chosen category.</param>
public sealed record DetailsQuery(string Filter, RegionCategory? Category, DetailsSort Sort, bool ShowFree);
