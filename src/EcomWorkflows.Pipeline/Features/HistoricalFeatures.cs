using System.Globalization;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Answers what features were at given times: point-in-time correct, so that nothing a row could not have known leaks into a training set.</summary>
public sealed class HistoricalFeatures
{
    private readonly FeatureRegistry registry;
    private readonly FeatureHistory history;
    private readonly PipelineOptions options;
    private readonly TimeProvider time;

    internal HistoricalFeatures(FeatureRegistry registry, FeatureHistory history, PipelineOptions options, TimeProvider time) =>
        (this.registry, this.history, this.options, this.time) = (registry, history, options, time);

    /// <summary>The table, row by row in the order asked, written as JSON or CSV.</summary>
    /// <exception cref="FeatureRequestException">The request is malformed, or names what there is not.</exception>
    public Task<HistoricalResult> WriteAsync(HistoricalRequest request, Stream target, CancellationToken cancellationToken)
    {
        if (request.Format is not ("json" or "csv"))
            throw HistoricalRows.Malformed($"format is '{request.Format}'; allowed are json, csv.");
        return RunAsync(
            QueryOf(request),
            (duck, joinKeys) => HistoricalRows.Load(duck, request.Entities, joinKeys),
            (duck, sql) =>
            {
                using var rows = duck.Query(sql, ct: cancellationToken);
                return request.Format == "csv" ? HistoricalRows.WriteCsv(rows, target) : HistoricalRows.WriteJson(rows, target);
            },
            cancellationToken);
    }

    /// <summary>The table as a CSV or Parquet file.</summary>
    /// <exception cref="FeatureRequestException">The request is malformed, or names what there is not.</exception>
    public Task<HistoricalResult> WriteFileAsync(HistoricalRequest request, string targetFile, CancellationToken cancellationToken) => RunAsync(
        QueryOf(request),
        (duck, joinKeys) => HistoricalRows.Load(duck, request.Entities, joinKeys),
        (duck, sql) => Copy(duck, sql, targetFile, cancellationToken),
        cancellationToken);

    /// <summary>The table for the rows of a CSV or Parquet file, as another such file.</summary>
    /// <exception cref="FeatureRequestException">As there, or the file cannot be read or lacks a column.</exception>
    public Task<HistoricalResult> WriteFileAsync(HistoricalQuery query, string entitiesFile, string targetFile, CancellationToken cancellationToken) => RunAsync(
        query,
        (duck, joinKeys) => HistoricalRows.LoadFile(duck, entitiesFile, joinKeys, cancellationToken),
        (duck, sql) => Copy(duck, sql, targetFile, cancellationToken),
        cancellationToken);

    /// <summary>What a request asks of history.</summary>
    /// <exception cref="FeatureRequestException"><c>known_by</c> is no time.</exception>
    public HistoricalQuery QueryOf(HistoricalRequest request) => new(request.Features, request.FeatureService, request.FullFeatureNames, KnownBy(request.KnownBy));

    /// <summary>Reads <c>known_by</c>.</summary>
    /// <exception cref="FeatureRequestException">It is no time.</exception>
    public DateTimeOffset? KnownBy(string? text) => text switch
    {
        null or "" => null,
        "now" => time.GetUtcNow(),
        _ when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) => at,
        _ => throw HistoricalRows.Malformed($"known_by is '{text}'; allowed are now and times as 2026-02-21T00:00:00Z; leave it out for what was known at each row's own time."),
    };

    /// <param name="load">Makes table <c>pair</c>: <c>pair_id</c>, the join keys (text), <c>event_timestamp</c>, anything else.</param>
    internal async Task<HistoricalResult> RunAsync(
        HistoricalQuery query, Action<DuckDbConnection, IReadOnlyList<string>> load, Func<DuckDbConnection, string, long> consume, CancellationToken cancellationToken)
    {
        var snapshot = await registry.ReadAsync(cancellationToken);
        var plan = HistoricalPlan.Create(snapshot, snapshot.References(query.Features, query.FeatureService), query.FullFeatureNames);
        var scans = new List<HistoryScan>();
        foreach (var view in plan.Views)
            scans.Add(await history.OpenAsync(view, cancellationToken));
        var folder = Directory.CreateDirectory(Path.Combine(options.Home, "work", $"history-{Guid.NewGuid():N}")).FullName;
        try
        {
            var rows = await Task.Run(
                () =>
                {
                    using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = folder });
                    load(duck, plan.JoinKeys);
                    return consume(duck, new PointInTimeJoin(duck, plan, query.KnownBy, cancellationToken).Run(scans));
                },
                cancellationToken);
            return new HistoricalResult(rows, plan.Views);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Copy(DuckDbConnection duck, string sql, string file, CancellationToken cancellationToken) => duck.Execute(
        $"copy ({sql}) to {DuckDbSql.Literal(file)} {(file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? ParquetFormat.Options : "(format csv, header)")}",
        ct: cancellationToken);
}
