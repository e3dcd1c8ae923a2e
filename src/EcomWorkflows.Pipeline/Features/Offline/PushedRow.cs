namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>A row an application pushed, not yet in the lake.</summary>
internal sealed record PushedRow(long Id, string EntityKey, DateTimeOffset EventTimestamp, DateTimeOffset CreatedTimestamp, byte[] Values);
