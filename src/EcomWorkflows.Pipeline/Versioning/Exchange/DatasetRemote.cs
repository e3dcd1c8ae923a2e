using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Versioning.Keeping;

namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>Pushes versions to a remote and pulls them from it: content laid out as DVC's remotes are, and beside it the repository's history.</summary>
public sealed class DatasetRemote
{
    private const int Transfers = 4;

    private const string ContentPrefix = "files/md5/";

    private readonly DatasetVersions versions;
    private readonly ManualDatasets index;
    private readonly ContentCache cache;
    private readonly ObjectStores stores;
    private readonly DatasetRepository repository;
    private readonly RemoteConfig config;
    private readonly HistoryExchange history;
    private readonly NeededContent content;
    private readonly TimeProvider time;

    internal DatasetRemote(DatasetVersions versions, ManualDatasets index, ContentCache cache, ObjectStores stores, PipelineOptions options, TimeProvider time)
    {
        this.versions = versions;
        this.index = index;
        this.cache = cache;
        this.stores = stores;
        this.time = time;
        repository = new DatasetRepository(options, time);
        content = new NeededContent(cache, versions, repository);
        config = new RemoteConfig(repository.Git, options.CacheFolder);
        history = new HistoryExchange(repository, new HistoryMerge(repository, time));
    }

    /// <summary>The remote that push and pull use; null where none is set.</summary>
    public Task<RemoteSettings?> FindAsync(CancellationToken cancellationToken) => config.ReadAsync(cancellationToken);

    /// <summary>Sets the remote of this repository, making the repository where there is none.</summary>
    public async Task SetAsync(RemoteSettings remote, CancellationToken cancellationToken)
    {
        using var held = await repository.LockAsync(cancellationToken);
        await repository.EnsureAsync(cancellationToken);
        await config.WriteAsync(remote with { Location = Absolute(remote.Location) }, cancellationToken);
    }

    /// <summary>Sends every version the remote does not have: content first, history last, so that the remote never shows what it does not hold.</summary>
    /// <exception cref="DatasetException">There is no remote, or it has versions this repository does not have.</exception>
    /// <exception cref="DatasetStoreException">The cache lacks content of a version, or it is damaged.</exception>
    /// <exception cref="ObjectStoreException">The remote cannot be reached, or refuses.</exception>
    public async Task<PushReport> PushAsync(RemoteSettings? remote, CancellationToken cancellationToken)
    {
        repository.Require();
        using var store = await OpenAsync(remote, cancellationToken);
        return await PushAsync(store, cancellationToken);
    }

    internal async Task<PushReport> PushAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        await index.CompleteAsync(cancellationToken);
        var all = await versions.ListAsync(null, cancellationToken);
        var head = await repository.HeadAsync(cancellationToken) ?? throw new DatasetException("There are no dataset versions to push yet.");
        var (files, lists) = await ContentAsync(all, cancellationToken);
        var present = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var found in store.ListAsync(ContentPrefix, cancellationToken))
            present.Add(found.Key);
        var sent = new Transferred();
        await SendAsync(store, files.Where(f => !present.Contains(ContentCache.KeyOf(f.Key))), sent, cancellationToken);
        // A folder's list goes after its files: DVC takes a list as a sign that all of them are there.
        await SendAsync(store, lists.Where(f => !present.Contains(ContentCache.KeyOf(f.Key))), sent, cancellationToken);
        await history.SendAsync(store, head, cancellationToken);
        return new PushReport(store.Location, all.Count, sent.Contents, sent.Bytes);
    }

    /// <summary>Fetches the remote's history, and the content of some of its versions.</summary>
    /// <param name="words">Versions whose content is wanted; empty for the newest of each dataset.</param>
    /// <param name="everything">The content of all versions.</param>
    /// <exception cref="DatasetException">There is no remote, or its versions and ours cannot be joined.</exception>
    /// <exception cref="DatasetStoreException">The remote has no versions, lacks content of one, or what it has is damaged.</exception>
    /// <exception cref="DiskFullException">There is no room.</exception>
    /// <exception cref="ClosedCacheException">Nothing may be written into the cache.</exception>
    public async Task<PullReport> PullAsync(RemoteSettings? remote, IReadOnlyList<string> words, bool everything, CancellationToken cancellationToken)
    {
        using var store = await OpenAsync(remote, cancellationToken);
        return await PullAsync(store, words, everything, cancellationToken);
    }

    internal async Task<PullReport> PullAsync(IObjectStore store, IReadOnlyList<string> words, bool everything, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> added;
        using (await repository.LockAsync(cancellationToken))
        {
            await repository.EnsureAsync(cancellationToken);
            added = await history.ReceiveAsync(store, cancellationToken);
        }
        await index.CompleteAsync(cancellationToken);
        var wanted = await WantedAsync(words, everything, cancellationToken);
        var (files, lists) = await ContentAsync(wanted, cancellationToken);
        var fetched = new Transferred();
        // What somebody named is looked at more closely: damaged content is fetched again.
        await FetchAsync(store, files.Concat(lists), checkPresent: words.Count > 0, fetched, cancellationToken);
        using var held = await repository.LockAsync(cancellationToken);
        return new PullReport(store.Location, added, fetched.Contents, fetched.Bytes, await repository.CheckOutAsync(cancellationToken));
    }

    /// <summary>Removes content from the remote that no version needs, neither here nor there.</summary>
    /// <param name="olderThan">Younger content is left alone: somebody may be pushing the versions it belongs to, content first.</param>
    /// <param name="dryRun">Only says what would go.</param>
    /// <exception cref="DatasetException">There is no remote, or it has versions this repository does not have: what those need is not known.</exception>
    /// <exception cref="DatasetStoreException">What some version needs cannot be told; nothing was removed.</exception>
    /// <exception cref="ObjectStoreException">The remote cannot be reached, or refuses.</exception>
    public async Task<GarbageReport> CollectGarbageAsync(RemoteSettings? remote, TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        repository.Require();
        using var store = await OpenAsync(remote, cancellationToken);
        return await CollectGarbageAsync(store, olderThan, dryRun, cancellationToken);
    }

    internal async Task<GarbageReport> CollectGarbageAsync(IObjectStore store, TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        using var held = await repository.LockAsync(cancellationToken);
        var before = time.GetUtcNow() - olderThan;
        // Listed first: what is pushed from now on is not among it.
        var present = new List<StoredObject>();
        await foreach (var found in store.ListAsync(ContentPrefix, cancellationToken))
            present.Add(found);
        var head = await repository.HeadAsync(cancellationToken) ?? throw new DatasetException("There are no dataset versions here, so what the remote's need is not known. Run ./ecom datasets pull first.");
        await history.RequireAllAsync(store, head, cancellationToken);
        var needed = (await content.FindAsync(cancellationToken)).Select(ContentCache.KeyOf).ToHashSet(StringComparer.Ordinal);
        var unneeded = present.Where(o => !needed.Contains(o.Key)).ToLookup(o => o.Modified < before);
        if (!dryRun)
            foreach (var garbage in unneeded[true])
                await store.DeleteAsync(garbage.Key, cancellationToken);
        return new GarbageReport(
            dryRun, [.. unneeded[true].OrderByDescending(o => o.Bytes).Select(o => new GarbageFile($"{store.Location}/{o.Key}", o.Bytes, "no version needs it"))],
            present.Count - unneeded.Sum(g => g.Count()), unneeded[false].Count());
    }

    private async Task<IReadOnlyList<DatasetVersion>> WantedAsync(IReadOnlyList<string> words, bool everything, CancellationToken cancellationToken)
    {
        if (everything)
            return await versions.ListAsync(null, cancellationToken);
        if (words.Count == 0)
            return [.. (await versions.DatasetsAsync(cancellationToken)).Select(d => d.Newest)];
        var wanted = new List<DatasetVersion>();
        foreach (var word in words)
            wanted.Add(await versions.ResolveAsync(word, cancellationToken));
        return wanted;
    }

    /// <summary>Hashes the versions need, with the words for each; folder lists apart.</summary>
    private async Task<(Dictionary<string, string> Files, Dictionary<string, string> Lists)> ContentAsync(IEnumerable<DatasetVersion> chosen, CancellationToken cancellationToken)
    {
        var (files, lists) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var version in chosen)
        {
            var manifest = await versions.ReadManifestAsync(version, cancellationToken);
            foreach (var file in manifest.Files)
                files.TryAdd(file.Md5, $"{file.RelativePath} of {version.Tag}");
            if (!files.ContainsKey(version.Md5))
                lists.TryAdd(version.Md5, $"the list of files of {version.Tag}");
        }
        return (files, lists);
    }

    private Task SendAsync(IObjectStore store, IEnumerable<KeyValuePair<string, string>> contents, Transferred sent, CancellationToken cancellationToken) =>
        EachAsync(
            contents,
            async (md5, name, ct) =>
            {
                var path = cache.PathOf(md5);
                if (!await IsWholeAsync(md5, ct))
                    throw new DatasetStoreException($"{path} ({name}) is {(File.Exists(path) ? "damaged" : "missing")}: it was not pushed, nor was the history. See ./ecom datasets verify.");
                await store.UploadAsync(ContentCache.KeyOf(md5), path, ct);
                sent.Add(new FileInfo(path).Length);
            },
            cancellationToken);

    private Task FetchAsync(IObjectStore store, IEnumerable<KeyValuePair<string, string>> contents, bool checkPresent, Transferred fetched, CancellationToken cancellationToken) =>
        EachAsync(
            contents,
            async (md5, name, ct) =>
            {
                if (checkPresent ? await IsWholeAsync(md5, ct) : cache.Has(md5))
                    return;
                var key = ContentCache.KeyOf(md5);
                try
                {
                    await cache.ReceiveAsync(md5, path => store.DownloadAsync(key, path, ct), $"{store.Location}/{key}", ct);
                    fetched.Add(new FileInfo(cache.PathOf(md5)).Length);
                }
                catch (ObjectNotFoundException)
                {
                    throw new DatasetStoreException($"{store.Location} has no {key}: it is {name}. Push it from a repository that has it (./ecom datasets push).");
                }
            },
            cancellationToken);

    private async Task<bool> IsWholeAsync(string md5, CancellationToken cancellationToken) =>
        cache.Has(md5) && (await ContentHash.OfFileAsync(cache.PathOf(md5), cancellationToken)).Md5 == md5[..ContentHash.Md5Length];

    private static Task EachAsync(
        IEnumerable<KeyValuePair<string, string>> contents, Func<string, string, CancellationToken, Task> transfer, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            contents, new ParallelOptions { MaxDegreeOfParallelism = Transfers, CancellationToken = cancellationToken },
            async (content, ct) => await transfer(content.Key, content.Value, ct));

    private async Task<IObjectStore> OpenAsync(RemoteSettings? remote, CancellationToken cancellationToken)
    {
        var chosen = remote ?? await config.ReadAsync(cancellationToken) ?? throw new DatasetException(
            "No remote is set. Set one with ./ecom datasets remote FOLDER, or ./ecom datasets remote s3://BUCKET/PREFIX [--connection NAME], or name it with --remote.");
        return await stores.OpenAsync(Absolute(chosen.Location), chosen.Connection, cancellationToken);
    }

    private static string Absolute(string location) => ObjectStores.IsBucket(location) ? location.TrimEnd('/') : Path.GetFullPath(ObjectStores.Folder(location));

    /// <summary>Counts, from several threads.</summary>
    private sealed class Transferred
    {
        private int contents;
        private long bytes;

        public int Contents => contents;

        public long Bytes => bytes;

        public void Add(long size)
        {
            Interlocked.Increment(ref contents);
            Interlocked.Add(ref bytes, size);
        }
    }
}
