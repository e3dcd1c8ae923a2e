namespace EcomWorkflows.Testing;

/// <summary>A request that <see cref="LocalHttp"/> has got.</summary>
public sealed record LocalRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
