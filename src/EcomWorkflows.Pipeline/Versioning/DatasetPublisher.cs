using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Makes new versions of datasets whose content is in the cache already.</summary>
/// <remarks>
/// Runs inside the fenced transaction, in this order: lock; write commits and tags as objects nobody refers to; write the index rows; move the references;
/// (the caller) commit. A crash before the references move leaves nothing visible; one after it leaves versions without index rows, which the
/// next run adds from the tags. An attempt that lost its lease gets no transaction, so it never comes as far as the references.
/// </remarks>
internal sealed class DatasetPublisher(PipelineOptions options, DatasetIndex index)
{
    private const string ChangeLogPath = "CHANGELOG.md";

    private const string DvcConfigPath = ".dvc/config";

    private const string DvcIgnorePath = ".dvc/.gitignore";

    private readonly DatasetRepository repository = new(new GitRepository(options.DataVersionsFolder), options.CacheFolder);

    public async Task<IReadOnlyList<PublishedDataset>> PublishAsync(
        PublishScope scope, TaskContext context, IReadOnlyList<DatasetContent> contents, CancellationToken cancellationToken)
    {
        await index.LockAsync(scope, cancellationToken);
        using var held = await RepositoryLock.TakeAsync(repository.Folder, context.Time, cancellationToken);
        await repository.EnsureAsync(cancellationToken);
        var branch = await repository.HeadAsync(cancellationToken);
        var tags = new Dictionary<string, string>(await repository.TagsAsync(cancellationToken), StringComparer.Ordinal);
        var head = await repository.CompleteHeadAsync(branch, tags.Values, cancellationToken);
        await AddMissingToIndexAsync(scope, tags, cancellationToken);

        var newTags = new Dictionary<string, string>(StringComparer.Ordinal);
        var published = new List<PublishedDataset>();
        foreach (var content in contents)
        {
            var dataset = await PublishAsync(context, content, head, tags, cancellationToken);
            if (dataset.IsNew)
                head = dataset.CommitSha;
            if (!tags.ContainsKey(dataset.Manifest.Tag))
                newTags[dataset.Manifest.Tag] = await repository.TagAsync(
                    dataset.CommitSha, dataset.Manifest.Tag, dataset.Manifest.ChangeNote, dataset.Manifest.CreatedAt, cancellationToken);
            await index.AddAsync(scope, dataset.Manifest, dataset.CommitSha, cancellationToken);
            await index.LinkAsync(scope, context.Attempt.RunId, dataset.Manifest.Tag, cancellationToken);
            published.Add(dataset);
        }
        if (head is not null && (head != branch || newTags.Count > 0))
            await repository.ShowAsync(branch, head, newTags, cancellationToken);
        return published;
    }

    /// <summary>Brings the repository's working files up to date with what was published.</summary>
    public async Task CheckOutAsync(TaskContext context, IEnumerable<PublishedDataset> published, CancellationToken cancellationToken)
    {
        using var held = await RepositoryLock.TakeAsync(repository.Folder, context.Time, cancellationToken);
        string[] paths = [.. published.SelectMany(p => FilesOf(p.Manifest.Dataset)).Concat([ChangeLogPath, DvcConfigPath, DvcIgnorePath]).Distinct(StringComparer.Ordinal)];
        await repository.CheckOutAsync(paths, cancellationToken);
    }

    private static string[] FilesOf(string dataset) =>
        [PublishedDataset.PointerPath(dataset), PublishedDataset.ManifestPath(dataset), IgnorePath(dataset)];

    private static string IgnorePath(string dataset) => dataset[..(dataset.LastIndexOf('/') + 1)] + ".gitignore";

    private async Task<PublishedDataset> PublishAsync(
        TaskContext context, DatasetContent content, string? head, Dictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var manifestPath = PublishedDataset.ManifestPath(content.Dataset);
        var previous = await repository.ReadAsync(head, manifestPath, cancellationToken) is { } json ? DatasetManifest.Parse(json) : null;
        if (previous is not null && previous.Md5 == content.Md5 && previous.SchemaHash == content.SchemaHash)
            return new PublishedDataset(previous, await repository.LastChangeAsync(head!, manifestPath, cancellationToken), IsNew: false);
        var version = (previous?.Version ?? 0) + 1;
        while (tags.ContainsKey(DatasetVersion.TagOf(content.Dataset, version)))
            version++;
        var manifest = Describe(context, content, version, previous);
        var files = await FilesAsync(head, content, manifest, cancellationToken);
        var commit = await repository.CommitAsync(head, files, $"{manifest.Tag}: {manifest.ChangeNote}\n", manifest.CreatedAt, cancellationToken);
        return new PublishedDataset(manifest, commit, IsNew: true);
    }

    private static DatasetManifest Describe(TaskContext context, DatasetContent content, int version, DatasetManifest? previous) => new()
    {
        Dataset = content.Dataset,
        Version = version,
        Tag = DatasetVersion.TagOf(content.Dataset, version),
        Parent = previous?.Tag,
        ChangeNote = ChangeNote.Describe(previous, content),
        Md5 = content.Md5,
        Sha256 = content.Sha256,
        Size = content.Bytes,
        Rows = content.Rows,
        RowDelta = previous is null ? null : content.Rows - previous.Rows,
        SchemaHash = content.SchemaHash,
        Source = content.Source,
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(context.Time.GetUtcNow().ToUnixTimeSeconds()),
        CreatedBy = new DatasetOrigin(
            context.Attempt.DagId, context.Attempt.DagVersion, context.Attempt.RunKey, context.Attempt.RunId, context.Attempt.TaskId,
            context.Attempt.AttemptId, context.Attempt.TryNumber),
        Tables = content.Tables,
        Validation = content.Validations,
        Files = content.Files,
    };

    private async Task<Dictionary<string, string>> FilesAsync(
        string? head, DatasetContent content, DatasetManifest manifest, CancellationToken cancellationToken)
    {
        var ignorePath = IgnorePath(content.Dataset);
        var ignored = (await repository.ReadAsync(head, ignorePath, cancellationToken) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PublishedDataset.PointerPath(content.Dataset)] = content.Pointer.ToYaml(),
            [PublishedDataset.ManifestPath(content.Dataset)] = manifest.ToJson(),
            [ignorePath] = string.Join('\n', ignored.Append("/" + content.Pointer.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) + "\n",
            [ChangeLogPath] = ChangeLog.Add(await repository.ReadAsync(head, ChangeLogPath, cancellationToken), manifest),
        };
        if (head is null)
        {
            // With these two files the repository is one DVC's own program can work in; the cache's place is in config.local.
            files[DvcConfigPath] = "[core]\n    analytics = false\n    autostage = false\n";
            files[DvcIgnorePath] = "/config.local\n/tmp\n/cache\n";
        }
        return files;
    }

    private async Task AddMissingToIndexAsync(PublishScope scope, Dictionary<string, string> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in await index.MissingAsync(scope, tags.Keys, cancellationToken))
        {
            var (name, version) = (tag[..tag.LastIndexOf('/')], tag[(tag.LastIndexOf("/v", StringComparison.Ordinal) + 2)..]);
            // A tag does not tell where the dataset's name has its slash; the manifest's own name does.
            foreach (var split in name.Select((c, i) => (c, i)).Where(x => x.c == '-').Select(x => x.i))
            {
                var dataset = $"{name[..split]}/{name[(split + 1)..]}";
                if (await repository.ReadAsync(tags[tag], PublishedDataset.ManifestPath(dataset), cancellationToken) is not { } json)
                    continue;
                var manifest = DatasetManifest.Parse(json);
                if (manifest.Tag == tag && $"{manifest.Version}" == version)
                    await index.AddAsync(scope, manifest, tags[tag], cancellationToken);
            }
        }
    }
}
