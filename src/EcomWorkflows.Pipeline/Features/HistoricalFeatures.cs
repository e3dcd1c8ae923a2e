using System.Globalization;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Answers what features were at given times: point-in-time correct, so that nothing a row could not have known leaks into a training set.</summary>
public sealed class HistoricalFeatures
{
    private readonly FeatureRegistry registry;
    private readonly FeatureHistory history;
    private readonly LakeStore lake;
    private readonly PipelineOptions options;
    private readonly TimeProvider time;

    internal HistoricalFeatures(FeatureRegistry registry, FeatureHistory history, LakeStore lake, PipelineOptions options, TimeProvider time) =>
        (this.registry, this.history, this.lake, this.options, this.time) = (registry, history, lake, options, time);

    /// <summary>The table, row by row in the order asked, written as JSON or CSV.</summary>
    /// <exception cref="FeatureRequestException">The request is malformed, or names what there is not.</exception>
    public Task<HistoricalResult> WriteAsync(HistoricalRequest request, Stream target, CancellationToken cancellationToken)
    {
        if (request.Format is not ("json" or "csv"))
            throw HistoricalRows.Malformed($"format is '{request.Format}'; allowed are json, csv.");
        return RunAsync(
            QueryOf(request),
            (duck, plan) => HistoricalRows.Load(duck, request.Entities, plan),
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
        (duck, plan) => HistoricalRows.Load(duck, request.Entities, plan),
        (duck, sql) => Copy(duck, sql, targetFile, cancellationToken),
        cancellationToken);

    /// <summary>The table for the rows of a CSV or Parquet file, as another such file.</summary>
    /// <exception cref="FeatureRequestException">As there, or the file cannot be read or lacks a column.</exception>
    public Task<HistoricalResult> WriteFileAsync(HistoricalQuery query, string entitiesFile, string targetFile, CancellationToken cancellationToken) => RunAsync(
        query,
        (duck, plan) => HistoricalRows.LoadFile(duck, entitiesFile, plan, cancellationToken),
        (duck, sql) => Copy(duck, sql, targetFile, cancellationToken),
        cancellationToken);

    /// <summary>What a request asks of history.</summary>
    /// <exception cref="FeatureRequestException"><c>known_by</c> is no time.</exception>
    public HistoricalQuery QueryOf(HistoricalRequest request) => new(request.Features, request.FeatureService, request.FullFeatureNames, KnownBy(request.KnownBy));

    /// <summary>Opens history for a task. Of a view that the task's own run has computed, it is what that run published.</summary>
    /// <exception cref="TaskFailedException">What is asked for does not exist, or was never computed.</exception>
    public async Task<TaskFeatures> OpenAsync(HistoricalQuery query, TaskContext context, CancellationToken cancellationToken)
    {
        var snapshot = await registry.ReadAsync(cancellationToken);
        try
        {
            var plan = HistoricalPlan.Create(snapshot, snapshot.References(query.Features, query.FeatureService), query.FullFeatureNames);
            var mains = new List<LakeSnapshot>();
            var scans = new List<HistoryScan>();
            foreach (var (i, view) in plan.Views.Index())
            {
                mains.Add(await MainAsync(view, plan.FeaturesOf(i), context, cancellationToken));
                var superseded = mains[i].SnapshotId == view.HistorySnapshotId ? view.SupersededSnapshotId : null;
                scans.Add(await history.OpenAsync(view with { HistorySnapshotId = mains[i].SnapshotId, SupersededSnapshotId = superseded }, cancellationToken));
            }
            return new TaskFeatures(plan, scans, mains[0], lake.Scan(mains[0]));
        }
        catch (FeatureRequestException refused)
        {
            throw new TaskFailedException(refused.Message, FailureCause.Dependency, retryable: false, innerException: refused);
        }
    }

    private async Task<LakeSnapshot> MainAsync(FeatureView view, IReadOnlyList<string> features, TaskContext context, CancellationToken cancellationToken)
    {
        var current = view.HistorySnapshotId is { } id ? await lake.GetAsync(id, cancellationToken) : null;
        if (current is null)
            throw new TaskFailedException(
                $"Feature view {view.Name} v{view.Version} has no history yet. Run {view.From.Task ?? "Ecom.MaterializeFeatures"} for it before '{context.Attempt.TaskId}'.",
                FailureCause.Dependency, retryable: false);
        var main = await lake.FindAsync(current.Table, context, cancellationToken) is { } own && own.RunId == context.Attempt.RunId ? own : current;
        string[] missing = [.. features.Except(main.Columns.Select(c => c.Name))];
        return missing.Length == 0 ? main : throw new TaskFailedException(
            $"The history of feature view {view.Name} v{view.Version}, {main.Table} at snapshot {main.SnapshotId}, does not have {string.Join(", ", missing)}. "
            + $"Run {view.From.Task ?? "Ecom.MaterializeFeatures"} again with the definition that has them (./ecom features plan shows what changed).",
            FailureCause.BadData, retryable: false);
    }

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
        HistoricalQuery query, Action<DuckDbConnection, HistoricalPlan> load, Func<DuckDbConnection, string, long> consume, CancellationToken cancellationToken)
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
                    load(duck, plan);
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
