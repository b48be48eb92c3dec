namespace WebVmMap.Hub.Components.Controls;

/// <summary>How a canvas's own connection fares.</summary>
/// <param name="Rows">How many regions it holds.</param>
/// <param name="Sequence">Number of the last frame.</param>
/// <param name="Lagging">True when frames were skipped because the browser was slow.</param>
/// <param name="Connected">False while the connection is lost.</param>
public sealed record CanvasStatus(int Rows, long Sequence, bool Lagging, bool Connected);
