using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Publishes computed rows of a view: history, registry, statistics and online values, in one fenced transaction.</summary>
internal sealed class FeatureMaterializer(LakeStore lake)
{
    private readonly FeatureRegistryWriter registry = new();
    private readonly MaterializationStore materializations = new();
    private readonly OnlineStoreWriter online = new();

    /// <summary>Lake table with the history of a source's view: one file per as-of time.</summary>
    public static LakeTableName TableOf(string source) => new("features", source, "customer_activity");

    /// <param name="rows">By as-of time, oldest first; the last becomes the online values.</param>
    /// <param name="read">Opens a file's rows for the online store.</param>
    public async Task<Materialized> PublishAsync(
        TaskContext context, FeatureViewDefinition definition, IReadOnlyList<FeatureRows> rows, IReadOnlyDictionary<string, long> inputSnapshots,
        DateTimeOffset createdAt, Func<string, DuckDbReader> read, CancellationToken cancellationToken)
    {
        var files = new List<LakeFile>();
        foreach (var part in rows)
            files.Add(await lake.DescribeAsync(part.Path, cancellationToken, rows: part.Rows) with { Partition = PartitionOf(part.AsOf) });
        Materialized? result = null;
        await context.PublishAsync(
            async (scope, ct) =>
            {
                var view = await registry.RegisterAsync(scope, definition, ct);
                var columns = Columns(definition);
                var kept = await KeptHistoryAsync(definition, columns, files, ct);
                var history = await lake.PublishAsync(scope, context, TableOf(definition.Source), [.. kept, .. files], columns, ct);
                foreach (var part in rows)
                    await materializations.AddAsync(scope, view, part, history, inputSnapshots, online: part == rows[^1], createdAt, ct);
                using var reader = read(rows[^1].Path);
                var count = await online.ReplaceAsync(scope, view, rows[^1].AsOf, reader, ct);
                result = new Materialized(view, history, count);
            },
            cancellationToken);
        return result!;
    }

    /// <summary>Files of earlier runs for other as-of times, as long as they have the same columns: together they are the view's history.</summary>
    private async Task<IReadOnlyList<LakeFile>> KeptHistoryAsync(
        FeatureViewDefinition definition, IReadOnlyList<LakeColumn> columns, IReadOnlyList<LakeFile> replaced, CancellationToken cancellationToken)
    {
        var current = await lake.CurrentAsync(TableOf(definition.Source), cancellationToken);
        if (current is null || !current.Columns.SequenceEqual(columns))
            return [];
        var asOfs = replaced.Select(f => f.Partition).ToHashSet(StringComparer.Ordinal);
        return [.. current.Files.Where(f => !asOfs.Contains(f.Partition))];
    }

    private static IReadOnlyList<LakeColumn> Columns(FeatureViewDefinition definition) =>
    [
        new("customer_id", "VARCHAR"),
        new("event_timestamp", "TIMESTAMP"),
        new("created_timestamp", "TIMESTAMP"),
        .. definition.Features.Select(f => new LakeColumn(f.Name, "DOUBLE")),
    ];

    private static string PartitionOf(DateTimeOffset asOf) => $"as_of={asOf.UtcDateTime:yyyy-MM-ddTHH:mm:ss}";
}
