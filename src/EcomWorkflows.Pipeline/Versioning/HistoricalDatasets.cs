using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Makes dataset versions of what features were at given times: training sets that can be had again whatever becomes of the store.</summary>
public sealed class HistoricalDatasets
{
    private readonly HistoricalFeatures history;
    private readonly ManualDatasets datasets;
    private readonly PipelineOptions options;

    internal HistoricalDatasets(HistoricalFeatures history, ManualDatasets datasets, PipelineOptions options) => (this.history, this.datasets, this.options) = (history, datasets, options);

    /// <summary>For the rows of the request itself.</summary>
    /// <exception cref="FeatureRequestException">The request is malformed, or names what there is not.</exception>
    /// <exception cref="DatasetException">The dataset's name is not allowed.</exception>
    public Task<VersionedDataset> AddAsync(HistoricalRequest request, string person, CancellationToken cancellationToken) =>
        AddAsync(request.Dataset ?? "", history.QueryOf(request), request.Note, person, file => history.WriteFileAsync(request, file, cancellationToken), cancellationToken);

    /// <summary>For the rows of a CSV or Parquet file.</summary>
    /// <exception cref="FeatureRequestException">The query names what there is not, or the file cannot be read or lacks a column.</exception>
    /// <exception cref="DatasetException">The dataset's name is not allowed.</exception>
    public Task<VersionedDataset> AddAsync(HistoricalQuery query, string entitiesFile, string dataset, string? note, string person, CancellationToken cancellationToken) =>
        AddAsync(dataset, query, note, person, file => history.WriteFileAsync(query, entitiesFile, file, cancellationToken), cancellationToken);

    private async Task<VersionedDataset> AddAsync(
        string dataset, HistoricalQuery query, string? note, string person, Func<string, Task<HistoricalResult>> write, CancellationToken cancellationToken)
    {
        DatasetName.Check(dataset);
        var work = Directory.CreateDirectory(Path.Combine(options.Home, "work", $"history-{Guid.NewGuid():n}")).FullName;
        try
        {
            var file = Path.Combine(work, $"{DatasetName.LeafOf(dataset)}.parquet");
            var result = await write(file);
            return await datasets.AddAsync(dataset, file, SourceOf(query, result), note, person, cancellationToken, madeFrom: result.Snapshots);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string SourceOf(HistoricalQuery query, HistoricalResult result) =>
        $"{query.FeatureService ?? string.Join(", ", query.Features ?? [])} as of the time of each row, as known {(query.KnownBy is { } at ? $"at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "at that time")}; "
        + $"from {string.Join(", ", result.Views.Select(v => $"{v.Name} v{v.Version}{(v.HistorySnapshotId is { } snapshot ? $" (lake snapshot {snapshot})" : "")}"))}";
}
