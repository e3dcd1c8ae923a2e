using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Reads what the list of runs shows.</summary>
internal sealed class RunLists(RunSearch search, DagStore dags, TimeProvider time)
{
    private const int PerPage = 50;

    public async Task<RunListModel> ListAsync(RunListQuery query, CancellationToken cancellationToken)
    {
        var found = await search.BeforeAsync(query.ToFilter(), PerPage + 1, query.Before, cancellationToken);
        var shown = found.Take(PerPage).ToList();
        return new RunListModel(
            shown, query, [.. (await dags.ListAsync(cancellationToken)).Select(d => d.DagId)], found.Count > PerPage ? query.OlderThan(shown[^1].RunId) : null, time.GetUtcNow());
    }
}
