using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions.Filtering;

namespace WebVmMap.Core.Regions;

/// <summary>
/// What a person types to find regions; docs/filter.md has the grammar, and the browser's canvases follow the same one
/// (tests/Shared/filter-cases.json). All terms have to hold. Immutable and thread-safe.
/// </summary>
public sealed class RegionFilter
{
    private readonly ImmutableArray<FilterTerm> _terms;

    private RegionFilter(ImmutableArray<FilterTerm> terms) => _terms = terms;

    /// <summary>True when every region matches because nothing is asked.</summary>
    public bool IsEmpty => _terms.IsEmpty;

    /// <summary>Reads a filter. Every text is one: a term that cannot be understood is looked for as it stands.</summary>
    public static RegionFilter Parse(string text)
    {
        var terms = ImmutableArray.CreateBuilder<FilterTerm>();
        var rest = text.AsSpan();
        while (FilterToken.TryTake(ref rest, out var token))
        {
            if (token.Text.Length > 0)
            {
                terms.Add(FilterTermParser.Parse(token));
            }
        }
        return new RegionFilter(terms.ToImmutable());
    }

    /// <summary>Whether a region matches. Allocates nothing.</summary>
    /// <param name="table">The table of the region.</param>
    /// <param name="row">Its row.</param>
    /// <param name="platform">Decides how protections are written.</param>
    public bool Matches(RegionTable table, int row, HostPlatform platform)
    {
        foreach (var term in _terms)
        {
            if (!term.Matches(table, row, platform))
            {
                return false;
            }
        }
        return true;
    }
}
