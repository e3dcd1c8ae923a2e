namespace EcomWorkflows.Bench.Api;

/// <summary>A request that is measured.</summary>
/// <param name="Body">JSON of a POST; null is a GET.</param>
internal sealed record ApiRequest(string Name, string Path, string? Body = null);
