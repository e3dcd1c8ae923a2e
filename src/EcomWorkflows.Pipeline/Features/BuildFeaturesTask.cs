using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Computes a source's feature view at the times its churn model needs, and publishes history, online values, registry and statistics together.</summary>
[TaskType(Type, DisplayName = "Build features", Category = "Features",
    Description = "Computes the customer activity view at the training, test and scoring times, adds it to the offline history, replaces the online values where the view is served online, and registers view, version and statistics.")]
internal sealed class BuildFeaturesTask(
    SourceCatalog sources, FeatureCatalog catalog, LakeStore lake, PipelineOptions options, FeatureMaterializer materializer, OnlineConsistency consistency) : ITask<BuildFeaturesInputs, BuildFeaturesOutputs>
{
    public const string Type = "Ecom.BuildFeatures";

    public async Task<TaskResult<BuildFeaturesOutputs>> RunAsync(BuildFeaturesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = sources.Get(inputs.Source);
        var events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        var customers = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "customers"), context, cancellationToken);
        var view = catalog.FindView(FeatureView.NameOf(mapping.Source)) ?? FeatureViewDefinition.Of(mapping);
        var createdAt = context.Time.GetUtcNow();

        using var duckDb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = context.WorkFolder, PreserveInsertionOrder = true,
        });
        using var computation = new FeatureComputation(duckDb, view.Features, options.Threads, cancellationToken);
        var windows = await Task.Run(() => Load(mapping, computation, events, customers), cancellationToken);
        var (done, online) = (0, view.Online ? Path.Combine(context.WorkFolder, "online.copy") : null);
        var computed = await computation.ComputeAsync(
            windows.AsOfTimes, createdAt, asOf => lake.NewFile(context, ComputedView.CustomerActivity.TableOf(mapping.Source), $"as-of-{asOf:yyyyMMdd}.parquet"), online,
            async (asOf, path, rows, ct) =>
            {
                context.ReportProgress((1.0 + Interlocked.Increment(ref done)) / (windows.AsOfTimes.Count + 2), $"features as of {asOf:yyyy-MM-dd}");
                return await lake.DescribeAsync(path, ct, rows: rows);
            });

        var result = await materializer.PublishAsync(
            context, view, computed, new Dictionary<string, long> { ["events"] = events.SnapshotId, ["customers"] = customers.SnapshotId }, createdAt, mapping.Churn.KeepHistoryDays, online,
            cancellationToken);
        var check = view.Online ? await consistency.CheckAsync(result.View, cancellationToken) : null;
        context.Logger.LogInformation("Feature view {View} v{Version}: {Customers} customers online as of {AsOf:yyyy-MM-dd}, online = offline {Score:P2}",
            result.View.Name, result.View.Version, result.OnlineRows, windows.ScoreAsOf, check?.Score);
        return new BuildFeaturesOutputs(
            result.View.Name, result.View.Version, view.Features.Count, computed.ToDictionary(c => $"{c.Rows.AsOf:yyyy-MM-dd}", c => c.Rows.Rows),
            result.OnlineRows, result.History.SnapshotId, windows.TrainCutoff, windows.TestCutoff, windows.ScoreAsOf);
    }

    private ChurnWindows Load(SourceMapping mapping, FeatureComputation computation, LakeSnapshot events, LakeSnapshot customers)
    {
        var (first, last) = computation.Load(mapping.Source, lake.Scan(events), lake.Scan(customers));
        var windows = ChurnWindows.For(mapping, first, last);
        computation.Prepare();
        return windows;
    }
}
