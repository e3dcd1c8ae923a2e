using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The computed rows of one as-of time and the file they are in.</summary>
internal sealed record ComputedRows(FeatureRows Rows, LakeFile File);
