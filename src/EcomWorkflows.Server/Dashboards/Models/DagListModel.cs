using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A page of DAGs, by id.</summary>
/// <param name="Total">How many fit the search in all.</param>
/// <param name="Next">The id the next page comes after; null on the last page.</param>
public sealed record DagListModel(
    IReadOnlyList<DagRow> Dags, int Total, string? Search, string? Next, IReadOnlyList<ImportError> Errors, int NodesAlive, DateTimeOffset Now, string? Notice)
{
    /// <summary>Below this there is nothing to search.</summary>
    private const int WorthSearching = 10;

    public bool IsSearchable => Total > WorthSearching || !string.IsNullOrWhiteSpace(Search);
}
