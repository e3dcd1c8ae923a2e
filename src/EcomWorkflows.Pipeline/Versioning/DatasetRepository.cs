namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The dataset repository as a series of commits on <c>main</c>, one per dataset version, each with an annotated tag.</summary>
/// <remarks>
/// Only <see cref="ShowAsync"/> makes anything visible: objects are written first and belong to nobody until the references move, which is the last step.
/// Whoever writes holds the <see cref="RepositoryLock"/>.
/// </remarks>
internal sealed class DatasetRepository(GitRepository git, string cacheFolder)
{
    private const string Branch = "refs/heads/main";

    private const string NoObject = "0000000000000000000000000000000000000000";

    public string Folder => git.Folder;

    /// <summary>Makes the repository on first use, ready for DVC's own program too.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!git.Exists)
            await git.InitializeAsync(cancellationToken);
        var local = Path.Combine(git.Folder, ".dvc", "config.local");
        Directory.CreateDirectory(Path.GetDirectoryName(local)!);
        if (!File.Exists(local))
            await File.WriteAllTextAsync(local, $"[cache]\n    dir = {cacheFolder}\n", cancellationToken);
        // The folder's own README belongs to the project's repository; lock and cache settings belong to this machine.
        await File.WriteAllTextAsync(Path.Combine(git.GitFolder, "info", "exclude"), "/README.md\n/.ecom.lock\n/.dvc/config.local\n/.dvc/tmp\n/.dvc/cache\n", cancellationToken);
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
            if (await git.TryRunAsync(["merge-base", "--is-ancestor", head, commit], cancellationToken) is not null)
                head = commit;
        return head;
    }

    /// <summary>The commit that last changed a file.</summary>
    public Task<string> LastChangeAsync(string head, string path, CancellationToken cancellationToken) =>
        git.RunAsync(["log", "-1", "--format=%H", head, "--", path], cancellationToken);

    /// <summary>Text of a file in a commit; null where it has none.</summary>
    public Task<string?> ReadAsync(string? commit, string path, CancellationToken cancellationToken) =>
        commit is null ? Task.FromResult<string?>(null) : git.TryRunAsync(["cat-file", "blob", $"{commit}:{path}"], cancellationToken);

    /// <summary>Writes a commit that changes these files; nothing refers to it yet.</summary>
    public async Task<string> CommitAsync(
        string? parent, IReadOnlyDictionary<string, string> files, string message, DateTimeOffset date, CancellationToken cancellationToken)
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
            string[] parents = parent is null ? [] : ["-p", parent];
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
        return git.RunAsync(["update-ref", "--stdin"], cancellationToken, input: $"start\n{string.Concat(commands)}prepare\ncommit\n");
    }

    /// <summary>Brings the working files of the repository up to date, where it shows <c>main</c>; edits by people elsewhere stay.</summary>
    public async Task CheckOutAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count > 0 && await git.TryRunAsync(["symbolic-ref", "--quiet", "HEAD"], cancellationToken) == Branch)
            await git.RunAsync(["checkout", "--quiet", "--force", "main", "--", .. paths], cancellationToken);
    }
}
