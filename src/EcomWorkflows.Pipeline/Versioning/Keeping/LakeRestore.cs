using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Makes the tables of a version the current content of the lake again, all of them or none: the next task that reads them gets what the version holds.</summary>
public sealed class LakeRestore
{
    private readonly NpgsqlDataSource database;
    private readonly LakeStore lake;
    private readonly VersionContent content;

    internal LakeRestore(NpgsqlDataSource database, LakeStore lake, ContentCache cache)
    {
        this.database = database;
        this.lake = lake;
        content = new VersionContent(cache);
    }

    /// <param name="actor">Who asks for it, for the event log.</param>
    /// <exception cref="DatasetException">The version holds no lake tables.</exception>
    /// <exception cref="DatasetStoreException">The cache lacks content of the version, or what it has is damaged; the lake is as it was.</exception>
    /// <exception cref="DiskFullException">There is no room; the lake is as it was.</exception>
    public async Task<IReadOnlyList<RestoredTable>> RunAsync(DatasetVersion version, DatasetManifest manifest, string actor, CancellationToken cancellationToken)
    {
        var tables = manifest.Tables.Where(t => t.SnapshotId > 0).ToList();
        if (tables.Count == 0)
            throw new DatasetException($"{version.Tag} holds no lake tables, so there is nothing to restore in the lake. Its files can be had without --lake.");
        // A name nobody has used: whatever goes wrong before the commit is a file no snapshot names.
        var folder = $"restored={Guid.NewGuid():n}";
        var staged = new List<string>();
        try
        {
            var contents = new List<(DatasetTable Table, LakeSnapshot? Current, IReadOnlyList<LakeFile> Files)>();
            foreach (var table in tables)
            {
                var name = LakeTableName.Parse(table.Name);
                var files = TableFiles.Of(table, manifest.Files, f => f.RelativePath).ToList();
                var current = await lake.CurrentAsync(name, cancellationToken);
                if (current is not null && current.Files.Select(f => f.Sha256).Order(StringComparer.Ordinal).SequenceEqual(files.Select(f => f.Sha256).Order(StringComparer.Ordinal)))
                {
                    contents.Add((table, current, []));
                    continue;
                }
                var place = Path.Combine(name.Layer, name.Source, name.Name, folder);
                staged.Add(lake.Absolute(place));
                contents.Add((table, null, await CopyAsync(version, table, files, place, cancellationToken)));
            }
            var restored = await PublishAsync(version, contents, actor, cancellationToken);
            staged.Clear();
            return restored;
        }
        catch (IOException full) when (FullDisk.IsReason(full))
        {
            throw DiskFullException.At(lake.Absolute("."), manifest.Size, full);
        }
        finally
        {
            foreach (var left in staged.Where(Directory.Exists))
                Directory.Delete(left, recursive: true);
        }
    }

    private async Task<IReadOnlyList<LakeFile>> CopyAsync(DatasetVersion version, DatasetTable table, IReadOnlyList<CachedFile> files, string place, CancellationToken cancellationToken)
    {
        var copied = new List<LakeFile>();
        foreach (var file in files)
        {
            var path = Path.Combine(place, Path.GetFileName(file.RelativePath));
            await content.WriteAsync(version, file, lake.Absolute(path), cancellationToken);
            await lake.KeepAsync(path, cancellationToken);
            copied.Add(new LakeFile(path, file.Rows ?? 0, file.Bytes, file.Sha256, DerivedFrom: $"{new RestoredFrom(version.Tag, table.SnapshotId)}"));
        }
        return copied;
    }

    private async Task<IReadOnlyList<RestoredTable>> PublishAsync(
        DatasetVersion version, IReadOnlyList<(DatasetTable Table, LakeSnapshot? Current, IReadOnlyList<LakeFile> Files)> contents, string actor, CancellationToken cancellationToken)
    {
        var restored = new List<RestoredTable>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (table, current, files) in contents)
        {
            var snapshot = current?.SnapshotId ?? await lake.RestoreAsync(
                transaction, LakeTableName.Parse(table.Name), files, [.. table.Columns.Select(c => new LakeColumn(c.Name, c.Type))], version.CreatedAt, cancellationToken);
            restored.Add(new RestoredTable(table.Name, snapshot, table.Rows, current?.Files.Count ?? files.Count, current?.Bytes ?? files.Sum(f => f.Bytes), IsNew: current is null));
            if (current is null)
                await TellAsync(transaction, version, restored[^1], actor, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return restored;
    }

    private static Task TellAsync(NpgsqlTransaction transaction, DatasetVersion version, RestoredTable table, string actor, CancellationToken cancellationToken) =>
        PublishedByHand.TellAsync(
            transaction, table.Table, table.Rows, "lake_table_restored", version.Tag,
            new JsonObject { ["snapshotId"] = table.SnapshotId, ["bytes"] = table.Bytes, ["restoredFrom"] = version.Tag }, actor, cancellationToken);
}
