using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Writes the index of the dataset repository's tags; in a task, inside its fenced transaction.</summary>
internal sealed class DatasetIndex
{
    private const long AdvisoryLockKey = 0x45434F4D_44415441; // "ECOMDATA"

    /// <summary>Waits for other runs that are publishing versions; held until the transaction ends.</summary>
    public Task LockAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction, "select pg_advisory_xact_lock(@AdvisoryLockKey)", new { AdvisoryLockKey }, cancellationToken);

    /// <summary>Those of the tags that have no row yet.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(NpgsqlTransaction transaction, IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        var missing = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            select t.tag
            from unnest(@tags) t(tag)
            where not exists (
              select
              from versioning.dataset_version v
              where v.tag = t.tag)
            """,
            new { tags = tags.ToArray() }, transaction, cancellationToken: cancellationToken));
        return [.. missing];
    }

    /// <summary>Adds a version; does nothing when its tag is known.</summary>
    public Task AddAsync(NpgsqlTransaction transaction, DatasetManifest manifest, string commit, CancellationToken cancellationToken) =>
        ExecuteAsync(
            transaction,
            """
            insert into versioning.dataset_version
              (dataset, version, tag, commit_sha, md5, sha256, bytes, files, rows, schema_hash, parent_tag, change_note, manifest, created_at, run_id, attempt_id)
            values
              (@Dataset, @Version, @Tag, @commit, @Md5, @Sha256, @Size, @files, @Rows, @SchemaHash, @Parent, @ChangeNote, @json::jsonb, @createdAt, @runId, @attemptId)
            on conflict (tag) do nothing
            """,
            new
            {
                manifest.Dataset,
                manifest.Version,
                manifest.Tag,
                commit,
                manifest.Md5,
                manifest.Sha256,
                manifest.Size,
                files = manifest.Files.Count,
                manifest.Rows,
                manifest.SchemaHash,
                manifest.Parent,
                manifest.ChangeNote,
                json = manifest.ToJson(),
                createdAt = manifest.CreatedAt.UtcDateTime,
                runId = manifest.CreatedBy.RunId,
                attemptId = manifest.CreatedBy.AttemptId,
            },
            cancellationToken);

    /// <summary>Notes which version a run works with.</summary>
    public Task LinkAsync(NpgsqlTransaction transaction, long runId, string tag, CancellationToken cancellationToken) =>
        ExecuteAsync(
            transaction,
            """
            insert into versioning.run_dataset (run_id, dataset, dataset_version_id)
            select @runId, dataset, id
            from versioning.dataset_version
            where tag = @tag
            on conflict (run_id, dataset)
            do update set dataset_version_id = excluded.dataset_version_id
            """,
            new { runId, tag }, cancellationToken);

    private static Task ExecuteAsync(NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
}
