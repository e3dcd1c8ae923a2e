namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>What a key may look like, the same for every kind of store.</summary>
internal static class ObjectKey
{
    /// <exception cref="ArgumentException">The key is no relative path of plain segments: it could lead out of its store.</exception>
    public static string Check(string key) =>
        key.Length > 0 && key.Split('/').All(segment => segment is not ("" or "." or "..")) && !key.Contains('\0', StringComparison.Ordinal)
            ? key
            : throw new ArgumentException($"'{key}' cannot be a key: use a relative path with '/' and without empty, '.' or '..' segments.", nameof(key));
}
