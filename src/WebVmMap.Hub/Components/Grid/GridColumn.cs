using Microsoft.AspNetCore.Components;

namespace WebVmMap.Hub.Components.Grid;

/// <summary>A column of a <see cref="TreeGrid{TRow}"/>.</summary>
/// <typeparam name="TRow">What a row holds.</typeparam>
public sealed record GridColumn<TRow>
{
    /// <summary>Its id, told when its head is clicked.</summary>
    public required string Id { get; init; }

    /// <summary>What its head says.</summary>
    public required string Title { get; init; }

    /// <summary>What it means, on hover; empty when the title says it all.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>Its width, or with <see cref="Flex"/> its smallest width, in CSS pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Its share of the room that is left; 0 for a fixed width.</summary>
    public double Flex { get; init; }

    /// <summary>
    /// How many CSS pixels have to stay in sight beside it: on a screen that is too narrow for both it is narrower than
    /// <see cref="Width"/>. 0 for a column that never gives way.
    /// </summary>
    public int Beside { get; init; }

    /// <summary>True for figures: they stand at the right.</summary>
    public bool Numeric { get; init; }

    /// <summary>True for addresses and protections: they stand in a monospace face.</summary>
    public bool Monospace { get; init; }

    /// <summary>What a cell says; also what is copied.</summary>
    public required Func<TRow, string> Text { get; init; }

    /// <summary>What a cell says on hover; null for nothing.</summary>
    public Func<TRow, string?>? Hint { get; init; }

    /// <summary>How a cell looks when it is more than its text.</summary>
    public RenderFragment<TRow>? Template { get; init; }
}
