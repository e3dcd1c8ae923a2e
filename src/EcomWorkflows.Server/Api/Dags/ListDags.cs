using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary><c>GET /api/v2/dags</c></summary>
internal static class ListDags
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags", HandleAsync).WithName("get_dags").WithTags("DAG").WithSummary("DAGs, by id").Produces<DagCollection>();

    private static async Task<IResult> HandleAsync(
        [FromQuery(Name = "dag_id_pattern")] string? pattern, [FromQuery(Name = "tags")] string[]? tags, [FromQuery(Name = "paused")] bool? paused,
        [FromQuery(Name = "exclude_stale")] bool? excludeStale, int? limit, int? offset, DagStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var errors = await store.ImportErrorsAsync(cancellationToken);
        var found = new List<DagResponse>();
        foreach (var info in await store.ListAsync(cancellationToken))
        {
            if (!Fits(info, pattern, paused, excludeStale ?? true))
                continue;
            var dag = (await store.GraphAsync(info.DagId, info.CurrentVersion, cancellationToken)).Dag;
            if (tags is null or [] || tags.Intersect(dag.Settings.Tags).Any())
                found.Add(DagResponse.From(info, dag, errors, time.GetUtcNow()));
        }
        return TypedResults.Ok(new DagCollection([.. found.Skip(page.Offset).Take(page.Limit)], found.Count));
    }

    private static bool Fits(DagInfo info, string? pattern, bool? paused, bool excludeStale) =>
        (pattern is null || info.DagId.Contains(pattern.Trim('%'), StringComparison.OrdinalIgnoreCase))
        && (paused is null || info.IsPaused == paused)
        && (!excludeStale || info.IsActive);
}
