using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Makes new versions of datasets whose content is in the cache already.</summary>
/// <remarks>
/// Runs inside the fenced transaction, in this order: lock; write commits and tags as objects nobody refers to; write the index rows; move the references;
/// (the caller) commit. A crash before the references move leaves nothing visible; one after it leaves versions without index rows, which the
/// next run adds from the tags. An attempt that lost its lease gets no transaction, so it never comes as far as the references.
/// </remarks>
internal sealed class DatasetPublisher(PipelineOptions options, DatasetIndex index, ContentCache cache, TimeProvider time)
{
    private readonly DatasetRepository repository = new(options, time);

    /// <summary>Publishes what a run made, and notes that the run works with it.</summary>
    public Task<IReadOnlyList<PublishedDataset>> PublishAsync(
        PublishScope scope, TaskContext context, IReadOnlyList<DatasetContent> contents, CancellationToken cancellationToken)
    {
        var attempt = context.Attempt;
        var origin = new DatasetOrigin(
            attempt.DagId, attempt.DagVersion, attempt.RunKey, attempt.RunId, attempt.TaskId, attempt.AttemptId, attempt.TryNumber);
        return PublishAsync(scope.Transaction, origin, contents, cancellationToken);
    }

    /// <summary>Publishes what <paramref name="origin"/> made; visible when this returns, indexed when the transaction commits.</summary>
    /// <exception cref="DatasetStoreException">Content has left the cache meanwhile.</exception>
    /// <exception cref="ClosedRepositoryException">Nothing may be written into the repository.</exception>
    public async Task<IReadOnlyList<PublishedDataset>> PublishAsync(
        NpgsqlTransaction transaction, DatasetOrigin origin, IReadOnlyList<DatasetContent> contents, CancellationToken cancellationToken)
    {
        await index.LockAsync(transaction, cancellationToken);
        using var held = await repository.LockAsync(cancellationToken);
        await repository.EnsureAsync(cancellationToken);
        RequireContent(contents);
        var state = await CompleteAsync(cancellationToken);
        await AddMissingToIndexAsync(transaction, state.Tags, cancellationToken);

        var (head, newTags) = (state.Head, state.NewTags);
        var published = new List<PublishedDataset>();
        foreach (var content in contents)
        {
            var dataset = await PublishAsync(origin, content, head, state.Tags, cancellationToken);
            if (dataset.IsNew)
            {
                head = dataset.CommitSha;
                newTags[dataset.Manifest.Tag] = await TagAsync(dataset.Manifest, dataset.CommitSha, cancellationToken);
            }
            await index.AddAsync(transaction, dataset.Manifest, dataset.CommitSha, cancellationToken);
            if (origin.RunId > 0)
                await index.LinkAsync(transaction, origin.RunId, dataset.Manifest.Tag, cancellationToken);
            published.Add(dataset);
        }
        if (head is not null && (head != state.Branch || newTags.Count > 0))
            await repository.ShowAsync(state.Branch, head, newTags, cancellationToken);
        return published;
    }

    /// <summary>Brings the repository's working files up to date with what was published.</summary>
    /// <returns>Files that somebody changed by hand: they stay as they are.</returns>
    public async Task<IReadOnlyList<string>> CheckOutAsync(CancellationToken cancellationToken)
    {
        using var held = await repository.LockAsync(cancellationToken);
        return await repository.CheckOutAsync(cancellationToken);
    }

    /// <summary>Completes what a crash left half done in the repository, where it may be written to, and adds rows for tags the index does not know.</summary>
    public async Task CompleteAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await index.LockAsync(transaction, cancellationToken);
        await AddMissingToIndexAsync(transaction, await CompleteTagsAsync(cancellationToken), cancellationToken);
    }

    private async Task<IReadOnlyDictionary<string, string>> CompleteTagsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var held = await repository.LockAsync(cancellationToken);
            var state = await CompleteAsync(cancellationToken);
            if (state.Head is { } head && (head != state.Branch || state.NewTags.Count > 0))
                await repository.ShowAsync(state.Branch, head, state.NewTags, cancellationToken);
            return state.Tags;
        }
        catch (ClosedRepositoryException)
        {
            // One that is only read shows what it has.
            return await repository.TagsAsync(cancellationToken);
        }
    }

    /// <summary>Where a crash hit between branch and tags: the head all tags are part of, and a tag for each version of it that has none.</summary>
    private async Task<RepositoryState> CompleteAsync(CancellationToken cancellationToken)
    {
        var branch = await repository.HeadAsync(cancellationToken);
        var tags = new Dictionary<string, string>(await repository.TagsAsync(cancellationToken), StringComparer.Ordinal);
        var head = await repository.CompleteHeadAsync(branch, tags.Values, cancellationToken);
        var newTags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (head is not null)
        {
            foreach (var manifest in (await repository.ManifestsAsync(head, cancellationToken)).Where(m => !tags.ContainsKey(m.Tag)))
            {
                var commit = await repository.LastChangeAsync(head, PublishedDataset.ManifestPath(manifest.Dataset), cancellationToken);
                newTags[manifest.Tag] = await TagAsync(manifest, commit, cancellationToken);
                tags[manifest.Tag] = commit;
            }
        }
        return new RepositoryState(branch, head, tags, newTags);
    }

    private Task<string> TagAsync(DatasetManifest manifest, string commit, CancellationToken cancellationToken) =>
        repository.TagAsync(commit, manifest.Tag, manifest.ChangeNote, manifest.CreatedAt, cancellationToken);

    /// <summary>Under the lock that a collection of garbage takes as well: what is there now stays.</summary>
    private void RequireContent(IEnumerable<DatasetContent> contents)
    {
        foreach (var content in contents)
        {
            var missing = content.Files.Select(f => f.Md5).Append(content.Md5).FirstOrDefault(md5 => !cache.Has(md5));
            if (missing is not null)
                throw new DatasetStoreException($"Content {missing} of {content.Dataset} has been removed from the cache {cache.Folder} while its version was being made. Try again.");
        }
    }

    private async Task<PublishedDataset> PublishAsync(
        DatasetOrigin origin, DatasetContent content, string? head, Dictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var manifestPath = PublishedDataset.ManifestPath(content.Dataset);
        var previous = await repository.ReadAsync(head, manifestPath, cancellationToken) is { } json ? DatasetManifest.Parse(json, manifestPath) : null;
        if (previous is not null && previous.Md5 == content.Md5 && previous.SchemaHash == content.SchemaHash)
            return new PublishedDataset(previous, await repository.LastChangeAsync(head!, manifestPath, cancellationToken), IsNew: false);
        var version = (previous?.Version ?? 0) + 1;
        while (tags.ContainsKey(DatasetVersion.TagOf(content.Dataset, version)))
            version++;
        var manifest = Describe(origin, content, version, previous);
        var files = await FilesAsync(head, content, manifest, cancellationToken);
        var commit = await repository.CommitAsync(head, files, $"{manifest.Tag}: {manifest.ChangeNote}\n", manifest.CreatedAt, cancellationToken);
        return new PublishedDataset(manifest, commit, IsNew: true);
    }

    private DatasetManifest Describe(DatasetOrigin origin, DatasetContent content, int version, DatasetManifest? previous) => new()
    {
        Dataset = content.Dataset,
        Version = version,
        Tag = DatasetVersion.TagOf(content.Dataset, version),
        Parent = previous?.Tag,
        ChangeNote = content.Note is { } note ? $"{note} ({ChangeNote.Describe(previous, content)})" : ChangeNote.Describe(previous, content),
        Md5 = content.Md5,
        Sha256 = content.Sha256,
        Size = content.Bytes,
        Rows = content.Rows,
        RowDelta = previous is null ? null : content.Rows - previous.Rows,
        SchemaHash = content.SchemaHash,
        Source = content.Source,
        MadeFrom = content.MadeFrom,
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds()),
        CreatedBy = origin,
        Tables = content.Tables,
        Validation = content.Validations,
        Files = content.Files,
    };

    private async Task<Dictionary<string, string>> FilesAsync(
        string? head, DatasetContent content, DatasetManifest manifest, CancellationToken cancellationToken)
    {
        var ignorePath = PublishedDataset.IgnorePath(content.Dataset);
        var ignored = (await repository.ReadAsync(head, ignorePath, cancellationToken) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PublishedDataset.PointerPath(content.Dataset)] = content.Pointer.ToYaml(),
            [PublishedDataset.ManifestPath(content.Dataset)] = manifest.ToJson(),
            [ignorePath] = string.Join('\n', ignored.Append("/" + content.Pointer.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) + "\n",
            [ChangeLog.Path] = ChangeLog.Add(await repository.ReadAsync(head, ChangeLog.Path, cancellationToken), manifest),
        };
        if (head is null)
        {
            // With these two files the repository is one DVC's own program can work in; the cache's place is in config.local.
            files[DvcConfig.SharedPath] = DvcConfig.Shared;
            files[DvcConfig.IgnorePath] = DvcConfig.Ignore;
        }
        return files;
    }

    private async Task AddMissingToIndexAsync(NpgsqlTransaction transaction, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in await index.MissingAsync(transaction, tags.Keys, cancellationToken))
        {
            if (DatasetName.OfTag(tag) is not { } name)
                continue;
            var path = PublishedDataset.ManifestPath(name.Dataset);
            if (await repository.ReadAsync(tags[tag], path, cancellationToken) is { } json && DatasetManifest.Parse(json, path) is var manifest && manifest.Tag == tag)
                await index.AddAsync(transaction, manifest, tags[tag], cancellationToken);
        }
    }

    /// <param name="Branch">Where the branch is; null in an empty repository.</param>
    /// <param name="Head">Where it should be.</param>
    /// <param name="NewTags">Tag objects to show, by tag; those tags are in <paramref name="Tags"/> too.</param>
    private sealed record RepositoryState(string? Branch, string? Head, Dictionary<string, string> Tags, Dictionary<string, string> NewTags);
}
