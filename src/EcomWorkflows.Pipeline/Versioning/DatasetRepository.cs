namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The dataset repository as a series of commits on <c>main</c>, one per dataset version, each with an annotated tag.</summary>
/// <remarks>
/// Only <see cref="ShowAsync"/> makes anything visible: objects are written first and belong to nobody until the references move, which is the last step.
/// Whoever writes holds the <see cref="RepositoryLock"/>.
/// </remarks>
internal sealed class DatasetRepository(GitRepository git, string cacheFolder, TimeProvider time)
{
    public const string Branch = "refs/heads/main";

    private const string NoObject = "0000000000000000000000000000000000000000";

    /// <summary>The folder's own README belongs to the project's repository; lock and cache settings belong to this machine.</summary>
    private const string Excluded = "/README.md\n/.ecom.lock\n/.dvc/config.local\n/.dvc/tmp\n/.dvc/cache\n";

    public DatasetRepository(PipelineOptions options, TimeProvider time)
        : this(new GitRepository(options.DataVersionsFolder, time), options.CacheFolder, time)
    {
    }

    public string Folder => git.Folder;

    public bool Exists => git.Exists;

    public GitRepository Git => git;

    public Task<RepositoryLock> LockAsync(CancellationToken cancellationToken) => RepositoryLock.TakeAsync(git.Folder, time, cancellationToken);

    /// <exception cref="DatasetStoreException">There is no repository.</exception>
    public void Require()
    {
        if (!git.Exists)
        {
            throw new DatasetStoreException(
                $"{git.Folder} is no git repository: there are no dataset versions yet. A run of churn-daily makes them, ./ecom datasets add makes one of your own files, ./ecom datasets pull fetches those of a remote.");
        }
    }

    /// <summary>Makes the repository on first use, ready for DVC's own program too.</summary>
    /// <exception cref="ClosedRepositoryException">Nothing may be written there.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!git.Exists)
                await git.InitializeAsync(cancellationToken);
            var local = DvcConfig.LocalPath(git.Folder);
            Directory.CreateDirectory(Path.GetDirectoryName(local)!);
            if (!File.Exists(local))
                await File.WriteAllTextAsync(local, $"[cache]\n    dir = {cacheFolder}\n", cancellationToken);
            var exclude = Path.Combine(git.GitFolder, "info", "exclude");
            Directory.CreateDirectory(Path.GetDirectoryName(exclude)!);
            await File.WriteAllTextAsync(exclude, Excluded, cancellationToken);
        }
        catch (Exception refusal) when (ClosedFolder.IsReason(refusal))
        {
            throw ClosedRepositoryException.At(git.Folder, refusal);
        }
    }

    /// <summary>The newest commit; null in an empty repository.</summary>
    public Task<string?> HeadAsync(CancellationToken cancellationToken) =>
        git.TryRunAsync(["rev-parse", "--verify", "--quiet", Branch], cancellationToken);

    /// <summary>Tags and the commits they stand for.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TagsAsync(CancellationToken cancellationToken)
    {
        var lines = await git.RunAsync(["for-each-ref", "--format=%(refname:strip=2) %(*objectname)", "refs/tags"], cancellationToken);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(parts => parts is [_, { Length: > 0 }])
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }

    /// <summary>The head that all tags are part of: further than the branch only when a crash hit between the two.</summary>
    public async Task<string?> CompleteHeadAsync(string? head, IEnumerable<string> tagged, CancellationToken cancellationToken)
    {
        if (head is null)
            return null;
        var merged = (await git.RunAsync(["for-each-ref", $"--merged={Branch}", "--format=%(*objectname)", "refs/tags"], cancellationToken)).Split('\n').ToHashSet();
        foreach (var commit in tagged.Where(c => !merged.Contains(c)))
            if (await IsAncestorAsync(head, commit, cancellationToken))
                head = commit;
        return head;
    }

    public async Task<bool> IsAncestorAsync(string older, string newer, CancellationToken cancellationToken) =>
        await git.TryRunAsync(["merge-base", "--is-ancestor", older, newer], cancellationToken) is not null;

    /// <summary>The manifests of a commit, by their place.</summary>
    public async Task<IReadOnlyList<DatasetManifest>> ManifestsAsync(string commit, CancellationToken cancellationToken)
    {
        var paths = (await git.RunAsync(["ls-tree", "-r", "--name-only", commit], cancellationToken)).Split('\n');
        var manifests = new List<DatasetManifest>();
        // A manifest is what lies beside a pointer; other files in the repository are nobody's business.
        foreach (var path in paths.Where(p => p.EndsWith(".json", StringComparison.Ordinal) && paths.Contains(Path.ChangeExtension(p, ".dvc"))))
            manifests.Add(DatasetManifest.Parse((await ReadAsync(commit, path, cancellationToken))!, path));
        return manifests;
    }

    /// <summary>Every pointer that any commit of any branch or tag has, or had.</summary>
    /// <exception cref="DatasetStoreException">A pointer file cannot be read.</exception>
    public async Task<IReadOnlyList<DvcPointer>> PointersAsync(CancellationToken cancellationToken)
    {
        var log = await git.RunAsync(["log", "--all", "--raw", "--no-abbrev", "--no-renames", "--format=", "-m", "--", "*.dvc"], cancellationToken);
        var pointers = new List<DvcPointer>();
        foreach (var (blob, path) in log.Split('\n').Where(l => l.StartsWith(':')).Select(Parse).Where(c => c.Blob != NoObject).Distinct())
        {
            try
            {
                pointers.AddRange(DvcPointer.Parse(await git.RunAsync(["cat-file", "blob", blob], cancellationToken)));
            }
            catch (FormatException problem)
            {
                throw new DatasetStoreException($"The pointer file {path} (git object {blob}) cannot be read: {problem.Message}. What it needs is not known.");
            }
        }
        return pointers;

        // ":100644 100644 <old> <new> M\t<path>"
        static (string Blob, string Path) Parse(string line) => (line.Split(' ')[3], line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]);
    }

    /// <summary>The commit that last changed a file.</summary>
    public Task<string> LastChangeAsync(string head, string path, CancellationToken cancellationToken) =>
        git.RunAsync(["log", "-1", "--format=%H", head, "--", path], cancellationToken);

    /// <summary>Text of a file in a commit; null where it has none.</summary>
    public Task<string?> ReadAsync(string? commit, string path, CancellationToken cancellationToken) =>
        commit is null ? Task.FromResult<string?>(null) : git.TryRunAsync(["cat-file", "blob", $"{commit}:{path}"], cancellationToken);

    /// <summary>Writes a commit that changes these files; nothing refers to it yet.</summary>
    public async Task<string> CommitAsync(
        string? parent, IReadOnlyDictionary<string, string> files, string message, DateTimeOffset date, CancellationToken cancellationToken,
        string? secondParent = null)
    {
        var index = Path.Combine(git.GitFolder, $"ecom-index-{Guid.NewGuid():n}");
        try
        {
            if (parent is not null)
                await git.RunAsync(["read-tree", parent], cancellationToken, indexFile: index);
            var entries = new List<string>();
            foreach (var (path, text) in files)
            {
                var blob = await git.RunAsync(["hash-object", "-w", "--stdin"], cancellationToken, input: text);
                entries.Add($"100644 {blob}\t{path}\n");
            }
            await git.RunAsync(["update-index", "--add", "--index-info"], cancellationToken, input: string.Concat(entries), indexFile: index);
            var tree = await git.RunAsync(["write-tree"], cancellationToken, indexFile: index);
            string[] parents = [.. new[] { parent, secondParent }.OfType<string>().SelectMany(p => new[] { "-p", p })];
            return await git.RunAsync(["commit-tree", tree, .. parents], cancellationToken, input: message, date: date);
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>Writes an annotated tag object; nothing refers to it yet.</summary>
    public Task<string> TagAsync(string commit, string tag, string message, DateTimeOffset date, CancellationToken cancellationToken) =>
        git.RunAsync(
            ["mktag"], cancellationToken,
            input: $"object {commit}\ntype commit\ntag {tag}\ntagger EcomWorkflows <ecom@localhost> {date.ToUnixTimeSeconds()} +0000\n\n{message}\n");

    /// <summary>Moves the branch and creates the tags, all or none; fails where somebody else moved them first.</summary>
    public Task ShowAsync(string? oldHead, string newHead, IReadOnlyDictionary<string, string> tagObjects, CancellationToken cancellationToken)
    {
        var commands = tagObjects.Select(tag => $"create refs/tags/{tag.Key} {tag.Value}\n")
            .Append($"update {Branch} {newHead} {oldHead ?? NoObject}\n");
        return git.RunLockedAsync(["update-ref", "--stdin"], cancellationToken, input: $"start\n{string.Concat(commands)}prepare\ncommit\n");
    }

    /// <summary>Brings the working files of the repository up to date, where it shows <c>main</c>.</summary>
    /// <returns>Files that somebody changed by hand: they stay as they are.</returns>
    public async Task<IReadOnlyList<string>> CheckOutAsync(CancellationToken cancellationToken)
    {
        if (await git.TryRunAsync(["symbolic-ref", "--quiet", "HEAD"], cancellationToken) != Branch || await HeadAsync(cancellationToken) is null)
            return [];
        var different = (await git.RunAsync(["diff", "--name-only", "HEAD"], cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (behind, edited) = (new List<string>(), new List<string>());
        foreach (var path in different)
            (await IsCommittedStateAsync(path, cancellationToken) ? behind : edited).Add(path);
        if (behind.Count > 0)
            await git.RunLockedAsync(["checkout", "--quiet", "--force", "main", "--", .. behind], cancellationToken);
        return edited;
    }

    /// <summary>Whether a working file is missing, or as some commit had it: then it is only behind, as after a crash, and nobody's work is lost.</summary>
    private async Task<bool> IsCommittedStateAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(git.Folder, path)))
            return true;
        var blob = await git.RunAsync(["hash-object", "--", path], cancellationToken);
        return await git.RunAsync(["log", "-1", "--format=%H", $"--find-object={blob}", Branch, "--", path], cancellationToken) is { Length: > 0 };
    }
}
