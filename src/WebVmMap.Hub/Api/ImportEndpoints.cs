using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using WebVmMap.Core.Import;
using WebVmMap.Hub.Import;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>Takes files in, each as it arrives.</summary>
internal static class ImportEndpoints
{
    private const int MaximumFiles = 50;
    private const int MaximumBoundary = 200;

    public static void MapImport(this RouteGroupBuilder snapshots) => snapshots.MapPost("/import", ImportAsync)
        .WithSummary("Keeps the snapshots of files (.wvm, our JSON and CSV, VMMap's .mmp and .csv), sent as multipart/form-data; a label goes before the files")
        .Accepts<IFormFileCollection>("multipart/form-data")
        .Produces<ImportResultDto>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // The form is read part by part below, never as a whole; a change by cookie has to come from our own page (OwnPageGate).
        .WithMetadata(new ManyFiles()).DisableAntiforgery();

    private static async Task<IResult> ImportAsync(HttpContext context, ISnapshotImporter importer, string? label, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is not { Length: > 0 and <= MaximumBoundary } boundary)
        {
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", "Send the files as multipart/form-data: curl -F file=@FILE.");
        }
        var (imported, problems) = (new List<ImportedSnapshotDto>(), new List<ImportProblemDto>());
        var parts = new MultipartReader(boundary, context.Request.Body);
        try
        {
            while (await parts.ReadNextSectionAsync(cancellation).ConfigureAwait(false) is { } part)
            {
                if (part.AsFileSection() is { FileStream: { } content } file)
                {
                    if (imported.Count + problems.Count >= MaximumFiles)
                    {
                        return Problem.BadRequest($"One request takes {MaximumFiles} snapshots; those before are kept. Send the rest in further requests.");
                    }
                    await TakeAsync(importer, content, file.FileName, label ?? "", imported, problems, cancellation).ConfigureAwait(false);
                }
                else if (part.AsFormDataSection() is { Name: "label" } words)
                {
                    label = await words.GetValueAsync(cancellation).ConfigureAwait(false);
                }
                if (label?.Length > SnapshotLimits.Label)
                {
                    return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Label too long", $"A label has at most {SnapshotLimits.Label} characters; this one has {label.Length}.");
                }
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException && !cancellation.IsCancellationRequested)
        {
            return Problem.BadRequest("The form is cut off or no valid multipart/form-data.");
        }
        return Answer(imported, problems);
    }

    private static async Task TakeAsync(
        ISnapshotImporter importer, Stream content, string file, string label, List<ImportedSnapshotDto> imported, List<ImportProblemDto> problems,
        CancellationToken cancellation)
    {
        try
        {
            var outcome = await importer.ImportAsync(content, file, label, cancellation).ConfigureAwait(false);
            var format = ImportOutcome.FormatName(outcome.Format);
            imported.AddRange(outcome.Stored.Select(stored => ImportedSnapshotDto.Of(stored, file, format)));
        }
        catch (ImportException refused)
        {
            problems.Add(refused.IsTooLarge
                ? new ImportProblemDto(file, StatusCodes.Status413PayloadTooLarge, "File too large", refused.Message)
                : new ImportProblemDto(file, StatusCodes.Status422UnprocessableEntity, "No snapshot", refused.Message));
        }
    }

    private static IResult Answer(List<ImportedSnapshotDto> imported, List<ImportProblemDto> problems)
    {
        if (imported.Count > 0)
        {
            return TypedResults.Created($"/api/v1/snapshots/{imported[0].Id}", new ImportResultDto(imported[0].Id, imported, problems));
        }
        return problems.Count switch
        {
            0 => Problem.BadRequest("The form holds no file: curl -F file=@FILE."),
            1 => Problem.Of(problems[0].Status, problems[0].Title, problems[0].Detail),
            _ => TypedResults.Problem(
                string.Join(' ', problems.Select(problem => problem.Detail)),
                statusCode: problems.Max(problem => problem.Status),
                title: "None of the files could be read",
                extensions: new Dictionary<string, object?> { ["problems"] = problems }),
        };
    }

    /// <summary>The limit on a whole request; each file of it has its own.</summary>
    private sealed class ManyFiles : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 4L << 30;
    }
}
