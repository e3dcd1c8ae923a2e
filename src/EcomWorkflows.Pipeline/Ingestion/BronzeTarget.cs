namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Where the rows and rejects of a raw file go, and what they carry.</summary>
/// <param name="File">The name of the raw file that rows and rejects carry.</param>
/// <param name="Run">The run that reads it, which rows carry.</param>
/// <param name="BronzePath">Parquet file to write the rows to, absolute.</param>
/// <param name="RejectsPath">Parquet file to write the rejects to, absolute.</param>
internal sealed record BronzeTarget(string File, long Run, string BronzePath, string RejectsPath);
