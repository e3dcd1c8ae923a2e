using EcomWorkflows.Pipeline.Lake.Objects;

namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>Remembers the remote: for us in git's own settings of the repository, for DVC's program in the settings it reads. Neither is committed.</summary>
internal sealed class RemoteConfig(GitRepository git, string cacheFolder)
{
    private const string LocationKey = "ecom.remote";

    private const string ConnectionKey = "ecom.remoteconnection";

    /// <summary>Null where none is set.</summary>
    public async Task<RemoteSettings?> ReadAsync(CancellationToken cancellationToken) =>
        git.Exists && await git.TryRunAsync(["config", "--local", "--get", LocationKey], cancellationToken) is { Length: > 0 } location
            ? new RemoteSettings(location, await git.TryRunAsync(["config", "--local", "--get", ConnectionKey], cancellationToken))
            : null;

    public async Task WriteAsync(RemoteSettings remote, CancellationToken cancellationToken)
    {
        await git.RunAsync(["config", "--local", LocationKey, remote.Location], cancellationToken);
        if (remote.Connection is { } connection)
            await git.RunAsync(["config", "--local", ConnectionKey, connection], cancellationToken);
        else
            await git.TryRunAsync(["config", "--local", "--unset", ConnectionKey], cancellationToken);
        await File.WriteAllTextAsync(DvcConfig.LocalPath(git.Folder), DvcText(remote), cancellationToken);
    }

    /// <summary>DVC's own settings for the same cache and remote; keys of a service it finds in the environment as AWS tools do.</summary>
    private string DvcText(RemoteSettings remote)
    {
        var endpoint = ObjectStores.IsBucket(remote.Location) && S3Settings.From(Environment.GetEnvironmentVariable).Endpoint is { } address ? $"    endpointurl = {address}\n" : "";
        return $"[cache]\n    dir = {cacheFolder}\n[core]\n    remote = ecom\n['remote \"ecom\"']\n    url = {remote.Location}\n{endpoint}";
    }
}
