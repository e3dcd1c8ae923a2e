using System.Globalization;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Publishes the rows that a built-in task has computed for a view: history, registry, statistics and online values, in one fenced transaction.</summary>
internal sealed class FeatureMaterializer(LakeStore lake, FeatureCatalog catalog)
{
    private const string AsOf = "as_of=";
    private const string Moment = "yyyy-MM-ddTHH:mm:ss";

    private readonly MaterializationStore materializations = new();
    private readonly OnlineStoreWriter store = new();

    /// <param name="computed">By as-of time, oldest first, each in a file of its own.</param>
    /// <param name="keepDays">As-of times more than so many days before the newest one leave the history; 0 keeps all.</param>
    /// <param name="online">The last one's rows for the online store: the file of an <see cref="OnlineRowFile"/>; null for a view that is history only.</param>
    public async Task<Materialized> PublishAsync(
        TaskContext context, FeatureViewDefinition definition, IReadOnlyList<ComputedRows> computed, IReadOnlyDictionary<string, long> inputSnapshots,
        DateTimeOffset createdAt, int keepDays, string? online, CancellationToken cancellationToken)
    {
        LakeFile[] files = [.. computed.Select(part => part.File with { Partition = PartitionOf(part.Rows.AsOf, context.Attempt.RunId) })];
        var kind = ComputedView.Of(definition.From.Task)!;
        var service = catalog.Read().Services.FirstOrDefault(s => s.Name == kind.ServiceOf(definition.Source)) ?? ServiceOf(kind, definition);
        FeatureRows[] rows = [.. computed.Select(part => part.Rows)];
        Materialized? result = null;
        await context.PublishAsync(
            async (scope, ct) =>
            {
                var registry = new FeatureRegistryWriter(scope);
                var view = await registry.RegisterAsync(definition, ct);
                // A service that takes the whole view follows it; one that picks its features is applied from its file.
                if (service.Features is [var whole] && whole == view.Name)
                    await registry.RegisterServiceAsync(service, [.. view.Features.Select(f => new FeatureReference(view.Name, view.Version, f.Name))], ct);
                var (history, superseded) = await AddHistoryAsync(scope, context, kind, view, files, keepDays, ct);
                await registry.SetHistoryAsync(view, history.SnapshotId, superseded, ct);
                foreach (var part in rows)
                    await materializations.AddAsync(scope, view, part, history, inputSnapshots, online: online is not null && part == rows[^1], createdAt, ct);
                if (online is not null)
                {
                    await store.ReplaceAsync(scope, view, [.. rows.Select(r => r.AsOf)], online, keepsOlder: !kind.ServesOnlyNewest, ct);
                    await FeatureNotifications.ValuesChangedAsync(scope.Transaction, view, keys: null, ct);
                }
                result = new Materialized(
                    view with { HistorySnapshotId = history.SnapshotId, SupersededSnapshotId = superseded }, history, OnlineRows: online is null ? 0 : rows[^1].Rows);
            },
            cancellationToken);
        return result!;
    }

    /// <summary>
    /// The history keeps the files of other as-of times. Files of the same as-of times made by other runs are superseded, not forgotten: they say what was known until now.
    /// Those of the same run are replaced: it has been run again. What is too old leaves the new snapshot only: earlier ones still have it, until they expire.
    /// </summary>
    private async Task<(LakeSnapshot History, long? Superseded)> AddHistoryAsync(
        PublishScope scope, TaskContext context, ComputedView kind, FeatureView view, IReadOnlyList<LakeFile> added, int keepDays, CancellationToken cancellationToken)
    {
        var columns = Columns(view);
        var current = view.HistorySnapshotId is { } id ? await lake.GetAsync(id, cancellationToken) : null;
        var asOfs = added.Select(AsOfOf).ToHashSet(StringComparer.Ordinal);
        var partitions = added.Select(f => f.Partition).ToHashSet(StringComparer.Ordinal);
        var oldest = keepDays == 0 ? "" : AsOfDaysBefore([.. current?.Files ?? [], .. added], keepDays);
        var kept = (current?.Files ?? []).Where(f => !asOfs.Contains(AsOfOf(f)) && !IsBefore(f, oldest));
        var history = await lake.PublishAsync(
            scope, context, kind.TableOf(view.Source), [.. kept.Concat(added).OrderBy(f => f.Partition, StringComparer.Ordinal)], columns, cancellationToken);

        var known = view.SupersededSnapshotId is { } older ? (await lake.GetAsync(older, cancellationToken))?.Files ?? [] : [];
        var newly = (current?.Files ?? []).Where(f => asOfs.Contains(AsOfOf(f)) && !partitions.Contains(f.Partition)).ToArray();
        if (newly.Length == 0 && !known.Any(f => IsBefore(f, oldest)))
            return (history, view.SupersededSnapshotId);
        var superseded = await lake.PublishAsync(scope, context, kind.SupersededTableOf(view.Source), [.. known.Where(f => !partitions.Contains(f.Partition)).Concat(newly).Where(f => !IsBefore(f, oldest))], columns, cancellationToken);
        return (history, superseded.SnapshotId);
    }

    private static FeatureServiceDefinition ServiceOf(ComputedView kind, FeatureViewDefinition view) => new(
        kind.ServiceOf(view.Source), $"What the {kind.Model} model of '{view.Source}' uses.", view.Owner, new Dictionary<string, string>(), [view.Name]);

    private static IReadOnlyList<LakeColumn> Columns(FeatureView view) =>
    [
        .. view.JoinKeys.Select(key => new LakeColumn(key, "VARCHAR")),
        new("event_timestamp", "TIMESTAMP"),
        new("created_timestamp", "TIMESTAMP"),
        .. view.Features.Select(f => new LakeColumn(f.Name, f.Type.DuckDb())),
    ];

    private static string PartitionOf(DateTimeOffset asOf, long runId) => $"{AsOf}{asOf.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}/run={runId}";

    private static string AsOfOf(LakeFile file) => file.Partition?.Split('/')[0] ?? "";

    private static string AsOfDaysBefore(IReadOnlyList<LakeFile> files, int days)
    {
        var newest = files.Select(AsOfOf).Where(asOf => asOf.StartsWith(AsOf, StringComparison.Ordinal)).Max(StringComparer.Ordinal)!;
        return AsOf + DateTime.ParseExact(newest[AsOf.Length..], Moment, CultureInfo.InvariantCulture).AddDays(-days).ToString(Moment, CultureInfo.InvariantCulture);
    }

    /// <summary>As-of times written this way sort as text.</summary>
    private static bool IsBefore(LakeFile file, string oldest) =>
        AsOfOf(file) is var asOf && asOf.StartsWith(AsOf, StringComparison.Ordinal) && string.CompareOrdinal(asOf, oldest) < 0;
}
