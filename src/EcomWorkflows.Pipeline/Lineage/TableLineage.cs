using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Versioning.Keeping;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Walks back from a lake snapshot through the snapshots it was made from to the raw files.</summary>
internal sealed class TableLineage(LakeStore lake, LineageCatalog catalog)
{
    public static string IdOf(long snapshot) => $"table:{snapshot}";

    public static string RawFileId(long rawFile) => $"raw-file:{rawFile}";

    /// <summary>Adds a snapshot and all that lies behind it; its id, or null where the catalog has it no more.</summary>
    public async Task<string?> AddAsync(LineageDraft draft, long snapshotId, CancellationToken cancellationToken)
    {
        var id = IdOf(snapshotId);
        if (draft.Has(id))
            return id;
        if (await lake.GetAsync(snapshotId, cancellationToken) is not { } snapshot)
            return null;
        draft.Add(await DescribeAsync(snapshot, cancellationToken));
        if (OriginOf(snapshot) is { } origin)
        {
            if (await AddAsync(draft, origin.SnapshotId, cancellationToken) is { } original)
                draft.Link(id, original, "a copy of");
            return id;
        }
        foreach (var layer in LayersBefore(snapshot.Table))
            await LinkAsync(draft, snapshot, layer, cancellationToken);
        if (snapshot.Table.Layer == "bronze")
            foreach (var raw in await catalog.RawFilesAsync(snapshotId, cancellationToken))
                draft.Link(id, AddRaw(draft, raw), "read from");
        return id;
    }

    public static string AddRaw(LineageDraft draft, RawFileRow raw)
    {
        var id = RawFileId(raw.Id);
        draft.Add(new LineageNode(
            id, LineageKind.RawFile, raw.Name,
            [
                new("sha256", raw.Sha256),
                new("entity", $"{raw.Source}.{raw.Entity}"),
                new("delivered as", raw.Original),
                new("bytes", $"{raw.Bytes:#,0}"),
                new("in the lake", raw.Path),
                new("first ingested", Moment(raw.FirstIngested)),
            ],
            raw.RunId, raw.AttemptId));
        return id;
    }

    public static string Moment(DateTime time) => $"{time:yyyy-MM-dd HH:mm:ss} UTC";

    private async Task LinkAsync(LineageDraft draft, LakeSnapshot snapshot, string layer, CancellationToken cancellationToken)
    {
        foreach (var seen in await catalog.SnapshotsSeenAsync(layer, snapshot.Table.Source, snapshot.RunId, snapshot.SnapshotId, cancellationToken))
            if (await AddAsync(draft, seen.SnapshotId, cancellationToken) is { } id)
                draft.Link(IdOf(snapshot.SnapshotId), id, "made from");
    }

    private async Task<LineageNode> DescribeAsync(LakeSnapshot snapshot, CancellationToken cancellationToken)
    {
        var facts = new List<LineageFact>
        {
            new("snapshot", $"{snapshot.SnapshotId}"),
            new("rows", $"{snapshot.Rows:#,0} in {snapshot.Files.Count:#,0} file(s), {snapshot.Bytes:#,0} bytes"),
            new("published", Moment(snapshot.CreatedAt.UtcDateTime)),
        };
        if (OriginOf(snapshot) is { } origin)
            facts.Add(new LineageFact("restored from", origin.Tag));
        if (snapshot.Table.Layer == "bronze" && await catalog.ValidationAsync(snapshot.RunId, snapshot.Table.Source, snapshot.Table.Name, cancellationToken) is { } validation)
            facts.Add(new LineageFact("validation", validation));
        return new LineageNode(IdOf(snapshot.SnapshotId), LineageKind.Table, $"{snapshot.Table}", facts, snapshot.RunId > 0 ? snapshot.RunId : null, snapshot.AttemptId > 0 ? snapshot.AttemptId : null);
    }

    /// <summary>What a restored snapshot is a copy of; null for one a run made.</summary>
    private static RestoredFrom? OriginOf(LakeSnapshot snapshot) => snapshot.RunId == 0 && snapshot.Files is [var first, ..] ? RestoredFrom.TryParse(first.DerivedFrom) : null;

    private static IReadOnlyList<string> LayersBefore(LakeTableName table) => table.Layer switch
    {
        // The classic features never were in the store.
        "gold" when table.Name == PurchaseTables.ClassicTrainingSetName => ["silver"],
        "gold" => ["features", "silver"],
        "features" => ["silver"],
        "silver" => ["bronze"],
        _ => [],
    };
}
