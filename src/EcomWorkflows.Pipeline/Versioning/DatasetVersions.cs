using Dapper;
using EcomWorkflows.Orchestration;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Finds dataset versions; what it knows is an index of the dataset repository's tags.</summary>
public sealed class DatasetVersions(NpgsqlDataSource database)
{
    private const string Columns =
        """
        v.id as "Id", v.dataset as "Dataset", v.version as "Version", v.tag as "Tag", v.commit_sha as "CommitSha", v.md5 as "Md5",
        v.sha256 as "Sha256", v.bytes as "Bytes", v.files as "Files", v.rows as "Rows", v.schema_hash as "SchemaHash",
        v.parent_tag as "ParentTag", v.change_note as "ChangeNote", v.created_at as "CreatedAt", v.run_id as "RunId", v.attempt_id as "AttemptId"
        """;

    /// <summary>The version of a dataset a run worked with; null when the run has not versioned it.</summary>
    public Task<DatasetVersion?> FindForRunAsync(long runId, string dataset, CancellationToken cancellationToken) =>
        FirstAsync(
            $"""
            select {Columns}
            from versioning.run_dataset r
            join versioning.dataset_version v on v.id = r.dataset_version_id
            where r.run_id = @runId
              and r.dataset = @dataset
            """,
            new { runId, dataset }, cancellationToken);

    /// <summary>The newest version of a dataset whose content is a lake snapshot; null when the snapshot is none's.</summary>
    public Task<DatasetVersion?> FindOfSnapshotAsync(string dataset, long snapshotId, CancellationToken cancellationToken) =>
        FirstAsync(
            $"""
            select {Columns}
            from versioning.dataset_version v
            where v.dataset = @dataset
              and v.manifest @> jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('snapshot_id', @snapshotId)))
            order by v.version desc
            limit 1
            """,
            new { dataset, snapshotId }, cancellationToken);

    /// <summary>The newest version of a dataset; null when it has none.</summary>
    public Task<DatasetVersion?> LatestAsync(string dataset, CancellationToken cancellationToken) =>
        FirstAsync(
            $"""
            select {Columns}
            from versioning.dataset_version v
            where v.dataset = @dataset
            order by v.version desc
            limit 1
            """,
            new { dataset }, cancellationToken);

    /// <summary>The version behind a tag; null when there is no such tag.</summary>
    public Task<DatasetVersion?> FindAsync(string tag, CancellationToken cancellationToken) =>
        FirstAsync(
            $"""
            select {Columns}
            from versioning.dataset_version v
            where v.tag = @tag
            """,
            new { tag }, cancellationToken);

    /// <summary>Versions, newest first; of one dataset, or of all when <paramref name="dataset"/> is null.</summary>
    public async Task<IReadOnlyList<DatasetVersion>> ListAsync(string? dataset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<DatasetVersionRow>(new CommandDefinition(
            $"""
            select {Columns}
            from versioning.dataset_version v
            where @dataset::text is null
               or v.dataset = @dataset
            order by v.created_at desc, v.id desc
            """,
            new { dataset }, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToVersion())];
    }

    /// <summary>The manifest of a version as JSON; null when there is no such tag.</summary>
    public async Task<string?> ManifestAsync(string tag, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select manifest::text
            from versioning.dataset_version
            where tag = @tag
            """,
            new { tag }, cancellationToken: cancellationToken));
    }

    /// <summary>The manifest of a version.</summary>
    /// <exception cref="NotFoundException">The index has no such version any more.</exception>
    public async Task<DatasetManifest> ReadManifestAsync(DatasetVersion version, CancellationToken cancellationToken) =>
        DatasetManifest.Parse(
            await ManifestAsync(version.Tag, cancellationToken) ?? throw new NotFoundException($"There is no dataset version {version.Tag}."),
            PublishedDataset.ManifestPath(version.Dataset));

    /// <summary>The version a person means by a tag (<c>shop-silver/v3</c>), <c>shop/silver@v3</c>, or <c>shop/silver</c> for its newest.</summary>
    /// <exception cref="DatasetException">The words are none of these.</exception>
    /// <exception cref="NotFoundException">There is no such version; the message lists what there is.</exception>
    public async Task<DatasetVersion> ResolveAsync(string word, CancellationToken cancellationToken)
    {
        var (dataset, number) = DatasetName.Parse(word);
        var found = number is { } version ? await FindAsync(DatasetVersion.TagOf(dataset, version), cancellationToken) : await LatestAsync(dataset, cancellationToken);
        return found ?? throw await UnknownAsync(word, dataset, cancellationToken);
    }

    /// <summary>All datasets by name, each with its newest version and how many it has.</summary>
    public async Task<IReadOnlyList<DatasetSummary>> DatasetsAsync(CancellationToken cancellationToken)
    {
        var versions = await ListAsync(null, cancellationToken);
        return
        [
            .. versions.GroupBy(v => v.Dataset, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new DatasetSummary(g.Key, g.MaxBy(v => v.Version)!, g.Count(), g.Min(v => v.CreatedAt))),
        ];
    }

    /// <summary>Hashes of the files of a folder with this content, from the manifest of a version that has it; null when none has.</summary>
    internal async Task<IReadOnlyList<string>?> FilesOfContentAsync(string md5, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var hashes = await connection.ExecuteScalarAsync<string[]?>(new CommandDefinition(
            """
            select array(
              select file->>'md5'
              from jsonb_array_elements(manifest->'files') file)
            from versioning.dataset_version
            where md5 = @md5
            limit 1
            """,
            new { md5 }, cancellationToken: cancellationToken));
        return hashes;
    }

    private async Task<NotFoundException> UnknownAsync(string word, string dataset, CancellationToken cancellationToken)
    {
        var versions = await ListAsync(dataset, cancellationToken);
        if (versions.Count > 0)
            return new NotFoundException($"There is no dataset version '{word}'; {dataset} has v{versions.Min(v => v.Version)} to v{versions.Max(v => v.Version)}.");
        var datasets = await DatasetsAsync(cancellationToken);
        return new NotFoundException(datasets.Count == 0
            ? $"There is no dataset '{dataset}', nor any other yet. A run of churn-daily makes versions, and so does ./ecom datasets add."
            : $"There is no dataset '{dataset}'; there are {string.Join(", ", datasets.Select(d => d.Dataset))}.");
    }

    private async Task<DatasetVersion?> FirstAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<DatasetVersionRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return row?.ToVersion();
    }

    /// <summary>What the driver delivers: timestamps come as UTC <see cref="DateTime"/>.</summary>
    private sealed record DatasetVersionRow(
        long Id, string Dataset, int Version, string Tag, string CommitSha, string Md5, string Sha256, long Bytes, int Files, long Rows,
        string SchemaHash, string? ParentTag, string ChangeNote, DateTime CreatedAt, long RunId, long AttemptId)
    {
        public DatasetVersion ToVersion() => new(
            Id, Dataset, Version, Tag, CommitSha, Md5, Sha256, Bytes, Files, Rows, SchemaHash, ParentTag, ChangeNote,
            new DateTimeOffset(CreatedAt, TimeSpan.Zero), RunId, AttemptId);
    }
}
