using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Features.Online;
using EcomWorkflows.Pipeline.Lake;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Brings a view over a lake table, a SQL text or pushes up to date: new rows and corrections into the history, the newest online, statistics into the registry.</summary>
[TaskType("Ecom.MaterializeFeatures", DisplayName = "Materialize features", Category = "Features",
    Description = "Reads a feature view's source, adds what is new or corrected to its history with the time it became known, serves the newest rows online and proves on a sample that online equals offline.")]
internal sealed class MaterializeFeaturesTask(
    FeatureCatalog catalog, FeatureRegistry registry, FeatureHistory history, LakeStore lake, OnlineConsistency consistency, PipelineOptions options)
    : ITask<MaterializeFeaturesInputs, MaterializeFeaturesOutputs>
{
    private readonly MaterializationStore materializations = new();

    public async Task<TaskResult<MaterializeFeaturesOutputs>> RunAsync(MaterializeFeaturesInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var definition = catalog.FindView(inputs.View) ?? throw new TaskFailedException(
            $"No file of workflows/features defines the view '{inputs.View}'. Defined are: {string.Join(", ", catalog.Read().Views.Select(v => v.Name))}.", retryable: false);
        if (definition.From is { OnDemand: true } or { Task: not null })
            throw new TaskFailedException($"'{definition.Name}' is {(definition.From.OnDemand ? "computed on demand; there is nothing to materialise" : $"computed by {definition.From.Task}; run that task")}.", retryable: false);

        var createdAt = context.Time.GetUtcNow();
        var (source, snapshots) = await SourceSql.ResolveAsync(definition, lake, context, cancellationToken);
        var known = (await registry.ReadAsync(cancellationToken)).VersionsOf(definition.Name).FirstOrDefault(v => Same(v, definition));
        var past = known is null ? null : await history.OpenAsync(known, cancellationToken);
        var table = TableOf(definition);
        var path = lake.NewFile(context, table);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = context.WorkFolder });
        var rows = await Task.Run(() => new SourceRows(duck, definition, cancellationToken).Write(source, past, createdAt, path), cancellationToken);

        var file = rows.Added == 0 ? null : await lake.DescribeAsync(path, cancellationToken, rows: rows.Added);
        FeatureView? view = null;
        LakeSnapshot? published = null;
        var online = 0L;
        await context.PublishAsync(
            async (scope, ct) =>
            {
                var writer = new FeatureRegistryWriter(scope);
                view = await writer.RegisterAsync(definition, ct);
                var kept = view.HistorySnapshotId is { } id ? (await lake.GetAsync(id, ct))?.Files ?? [] : [];
                published = await lake.PublishAsync(scope, context, table, file is null ? kept : [.. kept, file], SourceRows.Columns(definition), ct);
                await writer.SetHistoryAsync(view, published.SnapshotId, view.SupersededSnapshotId, ct);
                await MaterializationStore.TakePushedAsync(scope, view, past is { Pushed: [.., var last] } ? last.Id : 0, ct);
                if (file is not null && view.Online)
                {
                    using var newest = SourceRows.Newest(duck, path, definition, ct);
                    online = await OnlineUpsert.ApplyAsync(scope.Transaction, view, OnlineStoreRow.Read(newest, definition.Features), ct);
                }
                await materializations.AddAsync(scope, view, rows.Statistics with { Rows = rows.Added }, published, snapshots, view.Online, createdAt, ct);
            },
            cancellationToken);
        var check = view!.Online ? await consistency.CheckAsync(view with { HistorySnapshotId = published!.SnapshotId }, cancellationToken) : null;
        context.Logger.LogInformation(
            "Feature view {View} v{Version}: {New} new rows ({Pushed} pushed), {Refused} without entity or time, {Online} entities served anew, online = offline {Score:P2}",
            view.Name, view.Version, rows.Added, rows.Pushed, rows.Refused, online, check?.Score);
        return new MaterializeFeaturesOutputs(view.Name, view.Version, rows.Added, rows.Pushed, rows.Refused, online, check?.Score, published!.SnapshotId);
    }

    public static LakeTableName TableOf(FeatureViewDefinition view) => new("features", view.Source, view.Name);

    /// <summary>The registered version this definition is, if there is one: its history is what new rows are compared with.</summary>
    private static bool Same(FeatureView view, FeatureViewDefinition definition) =>
        FeatureViewDefinition.LogicOf(view.From, view.Entities, view.Features) == definition.LogicHash;
}
