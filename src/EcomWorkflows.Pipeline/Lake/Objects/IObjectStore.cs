namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>Files by key in one place: a directory, or a bucket (with a prefix) of an S3-compatible service. An object appears whole or not at all.</summary>
/// <remarks>
/// Keys are relative paths with <c>/</c>, for example <c>raw/source=shop/part-0.csv</c>. Every method throws <see cref="ObjectStoreException"/> when the place cannot be
/// reached or refuses; its message says what to do.
/// </remarks>
public interface IObjectStore : IDisposable
{
    /// <summary>Where it is, for messages: a folder or <c>s3://bucket/prefix</c>.</summary>
    string Location { get; }

    /// <summary>Objects whose key begins with the prefix, in the order of their keys.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The object, or null where there is none with this key.</summary>
    Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Copies an object into a file, which appears under its name when it is complete; its folder is made.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    Task DownloadAsync(string key, string path, CancellationToken cancellationToken);

    /// <summary>Copies a file into an object, replacing one with the same key.</summary>
    Task UploadAsync(string key, string path, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is not there is no error.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
