using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>A silver table that was built but not published yet.</summary>
internal sealed record SilverTableResult(CanonicalTable Table, TableAccount Account, IReadOnlyList<LakeColumn> Columns, string Path);
