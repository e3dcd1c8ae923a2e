namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>Where versions are pushed to and pulled from.</summary>
/// <param name="Location">A folder, absolute, or <c>s3://bucket/prefix</c>.</param>
/// <param name="Connection">Name of a connection of type <c>s3</c>; null for the variables AWS tools read.</param>
public sealed record RemoteSettings(string Location, string? Connection);
