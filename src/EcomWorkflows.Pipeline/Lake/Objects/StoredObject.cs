namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>An object in an <see cref="IObjectStore"/>.</summary>
/// <param name="Version">Changes when the content does: the ETag of a bucket, size and time of a file.</param>
public sealed record StoredObject(string Key, long Bytes, DateTimeOffset Modified, string Version);
