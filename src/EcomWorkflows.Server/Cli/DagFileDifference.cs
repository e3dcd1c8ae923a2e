namespace EcomWorkflows.Server.Cli;

/// <summary>How a DAG differs from its file.</summary>
/// <param name="Meaning">From the file to the DAG, a line each; empty where both mean the same.</param>
/// <param name="Text">The unified difference of their texts.</param>
internal sealed record DagFileDifference(string DagId, int Version, string File, IReadOnlyList<string> Meaning, string Text);
