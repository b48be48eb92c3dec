namespace WebVmMap.Hub.Api;

/// <summary>A file that was refused.</summary>
/// <param name="File">Its name.</param>
/// <param name="Status">The HTTP status that it alone would have had: 413 when it is too large, 422 when it is no snapshot.</param>
/// <param name="Title">What kind of refusal.</param>
/// <param name="Detail">What is wrong with it, and what to do.</param>
internal sealed record ImportProblemDto(string File, int Status, string Title, string Detail);
