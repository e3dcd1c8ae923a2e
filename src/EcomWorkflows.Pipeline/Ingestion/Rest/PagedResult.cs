namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>What was read of a paged API.</summary>
/// <param name="HasChanged">False where the server says that nothing has; then nothing was read.</param>
/// <param name="ETag">Of the first page; null where it has none.</param>
/// <param name="LastModified">Of the first page, as the server wrote it; null where it has none.</param>
/// <param name="EndedWithoutNext">Address of the last page, where it is a full one that leaves out the declared member which says whether there is more; otherwise null.</param>
internal sealed record PagedResult(bool HasChanged, long Items, string? ETag, string? LastModified, Uri? EndedWithoutNext = null);
