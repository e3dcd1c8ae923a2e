namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>One file of the shop's export.</summary>
/// <param name="Rows">Records in it, faulty ones included, header not.</param>
public sealed record ExportedFile(string Entity, string Name, long Rows);
