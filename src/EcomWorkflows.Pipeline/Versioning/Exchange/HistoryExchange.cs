using System.Security.Cryptography;
using System.Text;
using EcomWorkflows.Pipeline.Lake.Objects;

namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>Carries the repository's history to and from a remote, as git bundles whose names say what they hold: none is ever changed.</summary>
internal sealed class HistoryExchange(DatasetRepository repository, HistoryMerge merge)
{
    private const string Folder = "ecom/history/";

    private const string Extension = ".bundle";

    private const string Incoming = "refs/ecom/incoming";

    private readonly GitRepository git = repository.Git;

    /// <summary>Sends the whole history, and removes the bundles it contains.</summary>
    /// <exception cref="DatasetException">The remote has versions this repository does not have.</exception>
    public async Task SendAsync(IObjectStore store, string head, CancellationToken cancellationToken)
    {
        var known = await RequireAllAsync(store, head, cancellationToken);
        var key = await KeyAsync(head, cancellationToken);
        if (!known.Contains(key))
        {
            var file = Path.Combine(git.GitFolder, $"ecom-{Guid.NewGuid():n}{Extension}");
            try
            {
                await git.RunAsync(["bundle", "create", "--quiet", file, DatasetRepository.Branch, "--tags"], cancellationToken);
                await store.UploadAsync(key, file, cancellationToken);
            }
            finally
            {
                File.Delete(file);
            }
        }
        foreach (var contained in known.Where(k => k != key))
            await store.DeleteAsync(contained, cancellationToken);
    }

    /// <summary>Makes sure that this repository has every version the remote has.</summary>
    /// <returns>Keys of the remote's histories.</returns>
    /// <exception cref="DatasetException">It has not.</exception>
    public async Task<IReadOnlyList<string>> RequireAllAsync(IObjectStore store, string head, CancellationToken cancellationToken)
    {
        var known = new List<string>();
        await foreach (var bundle in store.ListAsync(Folder, cancellationToken))
        {
            if (!await ContainsAsync(head, HeadOf(bundle.Key), cancellationToken))
                throw new DatasetException($"{store.Location} has versions this repository does not have. Run ./ecom datasets pull first; nothing there was changed.");
            known.Add(bundle.Key);
        }
        return known;
    }

    /// <summary>Takes in every history of the remote; under the repository's lock.</summary>
    /// <returns>Tags that are new here.</returns>
    /// <exception cref="DatasetStoreException">The remote has none.</exception>
    /// <exception cref="DatasetException">The remote and this repository have different versions of the same name.</exception>
    public async Task<IReadOnlyList<string>> ReceiveAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var added = new List<string>();
        var found = false;
        await foreach (var bundle in store.ListAsync(Folder, cancellationToken))
        {
            found = true;
            var head = await repository.HeadAsync(cancellationToken);
            if (head is null || bundle.Key != await KeyAsync(head, cancellationToken))
                added.AddRange(await ReceiveAsync(store, bundle.Key, head, cancellationToken));
        }
        return found ? added : throw new DatasetStoreException(
            $"{store.Location} holds no dataset versions: nobody has pushed there, its disk is not mounted, or it is another place. Nothing was changed. Check the location, or push there from a repository that has versions.");
    }

    private async Task<IReadOnlyList<string>> ReceiveAsync(IObjectStore store, string key, string? head, CancellationToken cancellationToken)
    {
        var file = Path.Combine(git.GitFolder, $"ecom-{Guid.NewGuid():n}{Extension}");
        try
        {
            await store.DownloadAsync(key, file, cancellationToken);
            await git.RunAsync(
                ["fetch", "--quiet", "--no-tags", "--force", "--prune", file, $"{DatasetRepository.Branch}:{Incoming}/main", $"refs/tags/*:{Incoming}/tags/*"], cancellationToken);
            var theirs = await RefsAsync($"{Incoming}/tags", cancellationToken);
            var ours = await RefsAsync("refs/tags", cancellationToken);
            Refuse(store, theirs.Where(t => ours.TryGetValue(t.Key, out var mine) && mine != t.Value).Select(t => t.Key));
            var added = theirs.Where(t => !ours.ContainsKey(t.Key)).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
            var incoming = await git.RunAsync(["rev-parse", $"{Incoming}/main"], cancellationToken);
            var joined = await JoinAsync(head, incoming, cancellationToken);
            if (joined != head || added.Count > 0)
                await repository.ShowAsync(head, joined, added, cancellationToken);
            return [.. added.Keys];
        }
        catch (GitException broken) when (broken.Message.Contains("bundle", StringComparison.Ordinal))
        {
            throw new DatasetStoreException($"{store.Location}: '{key}' is no history that git can read ({broken.Message}). Push again from a repository that has it.");
        }
        finally
        {
            File.Delete(file);
            foreach (var left in await RefsAsync(Incoming, CancellationToken.None))
                await git.TryRunAsync(["update-ref", "-d", $"{Incoming}/{left.Key}"], CancellationToken.None);
        }
    }

    private async Task<string> JoinAsync(string? head, string incoming, CancellationToken cancellationToken)
    {
        if (head is null || await repository.IsAncestorAsync(head, incoming, cancellationToken))
            return incoming;
        return await repository.IsAncestorAsync(incoming, head, cancellationToken) ? head : await merge.CommitAsync(head, incoming, cancellationToken);
    }

    private static void Refuse(IObjectStore store, IEnumerable<string> tags)
    {
        if (tags.ToList() is { Count: > 0 } different)
        {
            throw new DatasetException(
                $"Here and in {store.Location}, {string.Join(", ", different)} {(different.Count == 1 ? "is" : "are")} not the same version: two repositories used the same number. Nothing was changed. "
                + "Keep theirs: make this repository anew (move its folder away, pull), then version your data again; it gets the next number.");
        }
    }

    private async Task<bool> ContainsAsync(string head, string other, CancellationToken cancellationToken) =>
        await git.TryRunAsync(["cat-file", "-e", $"{other}^{{commit}}"], cancellationToken) is not null && await repository.IsAncestorAsync(other, head, cancellationToken);

    /// <summary>Names (without <paramref name="prefix"/>) and objects of references.</summary>
    private async Task<Dictionary<string, string>> RefsAsync(string prefix, CancellationToken cancellationToken)
    {
        var lines = await git.RunAsync(["for-each-ref", "--format=%(refname) %(objectname)", prefix], cancellationToken);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' '))
            .ToDictionary(p => p[0][(prefix.Length + 1)..], p => p[1], StringComparer.Ordinal);
    }

    /// <summary>Names head and tags, so that the same history has the same key.</summary>
    private async Task<string> KeyAsync(string head, CancellationToken cancellationToken)
    {
        var tags = await git.RunAsync(["for-each-ref", "--format=%(refname) %(objectname)", "refs/tags"], cancellationToken);
        return $"{Folder}{head}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tags)))[..12]}{Extension}";
    }

    private static string HeadOf(string key) => key[Folder.Length..].Split('-', '.')[0];
}
