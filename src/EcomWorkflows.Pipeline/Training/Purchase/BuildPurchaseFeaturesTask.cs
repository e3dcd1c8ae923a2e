using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Computes a source's view of visitors and items at the times its purchase model needs, and publishes history, online values, registry and statistics together.</summary>
[TaskType(ComputedView.VisitorItemTask, DisplayName = "Build purchase features", Category = "Features", Description =
    "Computes interaction score, funnel depth, engagement score and more of each pair of visitor and item at the training, test and scoring times, from events before each only; adds them to the offline history and, unless the view is history only, serves the newest pairs online. Skipped in the classic variant.")]
internal sealed class BuildPurchaseFeaturesTask(
    SourceCatalog sources, FeatureCatalog catalog, LakeStore lake, PipelineOptions options, FeatureMaterializer materializer, OnlineConsistency consistency)
    : ITask<BuildPurchaseFeaturesInputs, BuildPurchaseFeaturesOutputs>
{
    public async Task<TaskResult<BuildPurchaseFeaturesOutputs>> RunAsync(BuildPurchaseFeaturesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (inputs.Variant == PurchaseVariant.Classic)
            return new TaskResult<BuildPurchaseFeaturesOutputs>.Skipped("The features of the classic variant know the outcome, so they stay out of the feature store.");
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        FeatureViewDefinition view = catalog.FindView(ComputedView.VisitorItem.NameOf(mapping.Source)) ?? FeatureViewDefinition.OfPairs(mapping);
        DateTimeOffset createdAt = context.Time.GetUtcNow();

        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
        });
        string? online = view.Online ? Path.Combine(context.WorkFolder, "online.copy") : null;
        (ChurnWindows windows, IReadOnlyList<FeatureRows> rows) = await Task.Run(() => Compute(duckdb, mapping, view, events, createdAt, online, context, cancellationToken), cancellationToken);
        ComputedRows[] computed = await Task.WhenAll(rows.Select(async one => new ComputedRows(one, await lake.DescribeAsync(one.Path, cancellationToken, rows: one.Rows))));

        Materialized result = await materializer.PublishAsync(
            context, view, computed, new Dictionary<string, long> { ["events"] = events.SnapshotId }, createdAt, mapping.Purchase.KeepHistoryDays, online, cancellationToken);
        ConsistencyResult? check = view.Online ? await consistency.CheckAsync(result.View, cancellationToken) : null;
        context.Logger.LogInformation("Feature view {View} v{Version}: {Pairs} pairs online as of {AsOf:yyyy-MM-dd}, online = offline {Score:P2}",
            result.View.Name, result.View.Version, result.OnlineRows, windows.ScoreAsOf, check?.Score);
        return new BuildPurchaseFeaturesOutputs(
            result.View.Name, result.View.Version, view.Features.Count, rows.ToDictionary(one => $"{one.AsOf:yyyy-MM-dd}", one => one.Rows),
            result.OnlineRows, check?.Score, result.History.SnapshotId, windows.TrainCutoff, windows.TestCutoff, windows.ScoreAsOf);
    }

    /// <remarks>One file per moment: they are made one after the other, in the memory of one.</remarks>
    private (ChurnWindows Windows, IReadOnlyList<FeatureRows> Rows) Compute(
        DuckDbConnection duckdb, SourceMapping mapping, FeatureViewDefinition view, LakeSnapshot events, DateTimeOffset createdAt, string? online, TaskContext context,
        CancellationToken cancellationToken)
    {
        string scan = lake.Scan(events);
        (DateTimeOffset first, DateTimeOffset last) = SourceWindows.Span(duckdb, mapping.Source, scan, cancellationToken);
        ChurnWindows windows = PurchaseWindows.For(mapping, first, last);
        int days = mapping.Purchase.CandidateDays;
        PairSql.LoadSteps(duckdb, scan, windows.AsOfTimes[0].AddDays(-days), cancellationToken);
        var rows = new List<FeatureRows>();
        foreach (DateTimeOffset asOf in windows.AsOfTimes)
        {
            context.ReportProgress((1.0 + rows.Count) / (windows.AsOfTimes.Count + 2), $"pairs of visitors and items as of {asOf:yyyy-MM-dd}");
            string path = lake.NewFile(context, ComputedView.VisitorItem.TableOf(mapping.Source), $"as-of-{asOf:yyyyMMdd}.parquet");
            long pairs = duckdb.Execute(
                $"copy ({PairSql.Rows(view.Features.Select(f => f.Name), asOf, days)}) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}",
                new { created_timestamp = createdAt.UtcDateTime }, cancellationToken);
            using OnlineRowFile? served = online is not null && asOf == windows.ScoreAsOf ? new OnlineRowFile(online, view.Features.Count, asOf) : null;
            rows.Add(new FeatureRows(asOf, path, pairs, Describe(duckdb, view, path, pairs, served, cancellationToken)));
            served?.Complete();
        }

        duckdb.Execute("drop table step", ct: cancellationToken);
        return (windows, rows);
    }

    /// <summary>Describes the features of a file, and writes its rows for the online store where they are served.</summary>
    private static IReadOnlyList<FeatureStatistics> Describe(
        DuckDbConnection duckdb, FeatureViewDefinition view, string path, long pairs, OnlineRowFile? served, CancellationToken cancellationToken)
    {
        var describer = new FeatureDescriber(view.Features);
        string[] keys = [.. view.Entities.Select(e => e.JoinKey)];
        using DuckDbReader reader = duckdb.Query(
            $"""
            select {(served is null ? "''" : HistoryScan.KeyOf(keys))}, {string.Join(", ", view.Features.Select(f => f.Name))},
              {FeatureDescriber.Sampled(string.Join(", ", keys), FeatureDescriber.SampledOf(pairs))}
            from read_parquet({DuckDbSql.Literal(path)})
            """,
            ct: cancellationToken);
        while (reader.NextChunk())
        {
            describer.Add(reader, first: 1, sample: 1 + view.Features.Count);
            served?.Add(reader, key: 0, firstFeature: 1);
        }

        return describer.Describe(pairs);
    }
}
