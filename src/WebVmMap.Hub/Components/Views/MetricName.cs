namespace WebVmMap.Hub.Components.Views;

/// <summary>What a metric is called.</summary>
/// <param name="Key">In URLs and towards the canvas.</param>
/// <param name="Title">For people.</param>
/// <param name="Meaning">One sentence that explains it.</param>
public sealed record MetricName(string Key, string Title, string Meaning);
