using System.Collections.Concurrent;

namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Reads everything a version stands on and compares it with its hashes: git objects, pointers, folder lists and every byte of content.</summary>
public sealed class DatasetVerification
{
    private readonly DatasetVersions versions;
    private readonly ContentCache cache;
    private readonly DatasetRepository repository;
    private readonly int threads;

    internal DatasetVerification(DatasetVersions versions, ContentCache cache, PipelineOptions options, TimeProvider time)
    {
        this.versions = versions;
        this.cache = cache;
        repository = new DatasetRepository(options, time);
        threads = Math.Max(1, options.Threads);
    }

    /// <exception cref="DatasetStoreException">There is no repository.</exception>
    public async Task<VerificationReport> RunAsync(IReadOnlyList<DatasetVersion> chosen, CancellationToken cancellationToken)
    {
        repository.Require();
        var problems = new ConcurrentBag<VerificationProblem>();
        await CheckRepositoryAsync(problems, cancellationToken);
        var needed = new Dictionary<string, NeededContent>(StringComparer.Ordinal);
        foreach (var version in chosen)
            await CollectAsync(version, needed, problems, cancellationToken);
        var bytes = 0L;
        await Parallel.ForEachAsync(
            needed.Values,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            async (content, ct) =>
            {
                var (problem, read) = await CheckAsync(content, ct);
                Interlocked.Add(ref bytes, read);
                if (problem is not null)
                    problems.Add(problem);
            });
        return new VerificationReport(
            chosen.Count, needed.Count, bytes, [.. problems.OrderBy(p => p.Tags is [var first, ..] ? first : "", StringComparer.Ordinal).ThenBy(p => p.Place, StringComparer.Ordinal)]);
    }

    private async Task CheckRepositoryAsync(ConcurrentBag<VerificationProblem> problems, CancellationToken cancellationToken)
    {
        try
        {
            await repository.Git.RunAsync(["fsck", "--strict", "--no-progress", "--no-dangling"], cancellationToken);
        }
        catch (GitException damage)
        {
            problems.Add(new VerificationProblem("damaged", repository.Folder, damage.Message, []));
        }
    }

    /// <summary>What the index, the manifest and the pointer say must be the same.</summary>
    private async Task CollectAsync(
        DatasetVersion version, Dictionary<string, NeededContent> needed, ConcurrentBag<VerificationProblem> problems, CancellationToken cancellationToken)
    {
        var path = PublishedDataset.PointerPath(version.Dataset);
        var commit = await repository.Git.TryRunAsync(["rev-parse", "--verify", "--quiet", $"refs/tags/{version.Tag}^{{commit}}"], cancellationToken);
        var yaml = await repository.ReadAsync(commit, path, cancellationToken);
        if (commit is null || yaml is null)
        {
            problems.Add(new VerificationProblem("missing", path, commit is null ? "the repository has no such tag" : "the tagged commit has no pointer", [version.Tag]));
            return;
        }
        var manifest = await versions.ReadManifestAsync(version, cancellationToken);
        if (PointerMd5(yaml) is var md5 && md5 != version.Md5)
            problems.Add(new VerificationProblem("different", path, $"the pointer says {md5 ?? "nothing that can be read"}, the manifest {version.Md5}", [version.Tag]));
        foreach (var file in manifest.Files)
            Need(file.Md5, file.Sha256, file.RelativePath);
        if (version.Md5.EndsWith(".dir", StringComparison.Ordinal))
            Need(version.Md5, null, "the list of files");

        void Need(string hash, string? sha256, string name)
        {
            if (!needed.TryGetValue(hash, out var content))
                needed[hash] = content = new NeededContent(hash, sha256, name, []);
            content.Tags.Add(version.Tag);
        }
    }

    private static string? PointerMd5(string yaml)
    {
        try
        {
            return DvcPointer.Parse(yaml)[0].Md5;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task<(VerificationProblem? Problem, long Bytes)> CheckAsync(NeededContent content, CancellationToken cancellationToken)
    {
        var path = cache.PathOf(content.Md5);
        try
        {
            var hash = await ContentHash.OfFileAsync(path, cancellationToken);
            if (hash.Md5 != content.Md5[..ContentHash.Md5Length])
                return (new VerificationProblem("damaged", path, $"{content.Name}: its MD5 is {hash.Md5}", [.. content.Tags]), hash.Bytes);
            if (content.Sha256 is { } sha256 && hash.Sha256 != sha256)
                return (new VerificationProblem("different", path, $"{content.Name}: its SHA-256 is {hash.Sha256}, the manifest says {sha256}", [.. content.Tags]), hash.Bytes);
            return (null, hash.Bytes);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return (new VerificationProblem("missing", path, content.Name, [.. content.Tags]), 0);
        }
    }

    private sealed record NeededContent(string Md5, string? Sha256, string Name, SortedSet<string> Tags);
}
