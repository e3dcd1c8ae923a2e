using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>What one raw file became.</summary>
/// <param name="RejectedRecords">Records that became no row; each has one or more rows in <paramref name="Rejects"/>.</param>
internal sealed record BronzePart(LakeFile Bronze, LakeFile Rejects, long RejectedRecords);
