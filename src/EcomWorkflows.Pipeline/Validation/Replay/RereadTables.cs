using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>Bronze and rejects as the mapping reads the same raw files now.</summary>
/// <param name="FilesReread">How many files read differently than before; with none, both are the snapshots that are there.</param>
internal sealed record RereadTables(LakeSnapshot Bronze, LakeSnapshot? Rejects, int FilesReread);
