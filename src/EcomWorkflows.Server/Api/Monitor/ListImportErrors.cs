using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary><c>GET /api/v2/importErrors</c></summary>
internal static class ListImportErrors
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/importErrors", HandleAsync).WithName("get_import_errors").WithTags("Import Error").WithSummary("DAG files that could not be imported, and DAGs whose stored schedule is refused now").Produces<ImportErrorCollection>();

    private static async Task<IResult> HandleAsync(int? limit, int? offset, DagStore store, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var errors = (await store.ImportErrorsAsync(cancellationToken)).ToList();
        foreach (var info in await store.ListAsync(cancellationToken))
        {
            if (StoredSchedule.Error(info, (await store.GraphAsync(info.DagId, info.CurrentVersion, cancellationToken)).Dag, errors) is { } error)
                errors.Add(error);
        }
        var shown = errors.Select((error, index) => new ImportErrorResponse(
            index + 1, error.RecordedAt, error.File, string.Join("\n", error.Problems.Select(p => $"{p.Place}: {p.Message}")), error.Problems));
        return TypedResults.Ok(new ImportErrorCollection([.. shown.Skip(page.Offset).Take(page.Limit)], errors.Count));
    }
}
