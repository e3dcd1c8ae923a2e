using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Walks back from a dataset version to the lake snapshots or raw files its content is.</summary>
internal sealed class DatasetLineage(DatasetVersions versions, TableLineage tables, LineageCatalog catalog)
{
    public static string IdOf(string tag) => $"dataset:{tag}";

    public async Task<string?> AddAsync(LineageDraft draft, string tag, CancellationToken cancellationToken)
    {
        var id = IdOf(tag);
        if (draft.Has(id))
            return id;
        if (await versions.FindAsync(tag, cancellationToken) is not { } version)
            return null;
        var manifest = await versions.ReadManifestAsync(version, cancellationToken);
        draft.Add(Describe(version, manifest));
        foreach (var table in manifest.Tables.Where(t => t.SnapshotId > 0))
            if (await tables.AddAsync(draft, table.SnapshotId, cancellationToken) is { } snapshot)
                draft.Link(id, snapshot, "holds");
        foreach (var input in manifest.MadeFrom ?? [])
            if (await tables.AddAsync(draft, input, cancellationToken) is { } snapshot)
                draft.Link(id, snapshot, "made from");
        if (manifest.Tables.Count == 0)
            foreach (var raw in await catalog.RawFilesOfAsync(manifest.Files.Select(f => f.Sha256), cancellationToken))
                draft.Link(id, TableLineage.AddRaw(draft, raw), "holds");
        return id;
    }

    private static LineageNode Describe(DatasetVersion version, DatasetManifest manifest)
    {
        var facts = new List<LineageFact>
        {
            new("content", $"{manifest.Rows:#,0} rows in {manifest.Files.Count:#,0} file(s), {manifest.Size:#,0} bytes"),
            new("md5", manifest.Md5),
            new("sha256", manifest.Sha256),
            new("commit", version.CommitSha),
            new("change", manifest.ChangeNote),
            new("source", manifest.Source),
            new("made", $"{TableLineage.Moment(manifest.CreatedAt.UtcDateTime)}, {manifest.CreatedBy}"),
        };
        facts.AddRange(manifest.Validation.Select(v => new LineageFact("validation", $"{v.Entity}: {v.Outcome}")));
        return new LineageNode(
            IdOf(version.Tag), LineageKind.Dataset, version.Tag, facts, version.RunId > 0 ? version.RunId : null, version.AttemptId > 0 ? version.AttemptId : null);
    }
}
