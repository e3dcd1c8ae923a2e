using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;

namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>Opens directories and buckets by their location.</summary>
public sealed class ObjectStores(StoredConnections connections, PipelineOptions options)
{
    private const string S3Scheme = "s3://";

    public static bool IsBucket(string location) => location.StartsWith(S3Scheme, StringComparison.Ordinal);

    /// <summary>The store at a location; the caller disposes it.</summary>
    /// <param name="location"><c>s3://bucket/prefix</c>, or a folder (relative to <c>ECOM_HOME</c>).</param>
    /// <param name="connection">Name of a connection of type <c>s3</c>; null reads the environment (<c>AWS_ACCESS_KEY_ID</c>, <c>AWS_ENDPOINT_URL</c>, …).</param>
    /// <exception cref="TaskFailedException">The location names no bucket, or is an address of another kind, or there is no such connection.</exception>
    public async Task<IObjectStore> OpenAsync(string location, string? connection, CancellationToken cancellationToken)
    {
        if (!IsBucket(location))
            return new DirectoryObjectStore(Path.Combine(options.Home, Folder(location)));
        var (bucket, prefix) = Split(location);
        var settings = string.IsNullOrEmpty(connection)
            ? S3Settings.From(Environment.GetEnvironmentVariable)
            : S3Settings.From(await connections.ReadAsync(connection, [S3Settings.ConnectionType], cancellationToken));
        return new S3ObjectStore(bucket, prefix, settings);
    }

    /// <summary>A location that is no bucket, as a folder.</summary>
    /// <exception cref="TaskFailedException">It is an address of another kind (<c>gs://</c>, or a slip in <c>s3://</c>), which a folder would silently be made of.</exception>
    public static string Folder(string location) => location.Split(":/") is [{ Length: > 0 } scheme, _, ..] && !scheme.Contains('/', StringComparison.Ordinal)
        ? throw new TaskFailedException(
            $"'{location}' is neither a folder nor a place in a bucket, which is written s3://bucket/prefix. Other services are reached through their S3 interface, with a connection that has its address.",
            retryable: false)
        : location;

    /// <summary>Bucket and key (or prefix) of <c>s3://bucket/key</c>.</summary>
    public static (string Bucket, string Key) Split(string location)
    {
        var rest = location[S3Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        return bucket.Length > 0
            ? (bucket, slash < 0 ? "" : rest[(slash + 1)..])
            : throw new TaskFailedException($"'{location}' names no bucket; a location in a bucket is written s3://bucket/prefix.", retryable: false);
    }
}
