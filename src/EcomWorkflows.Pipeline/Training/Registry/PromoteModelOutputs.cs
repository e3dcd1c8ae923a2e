namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>What <c>Ecom.PromoteModel</c> did.</summary>
/// <param name="ReplacedVersion">The champion before; null where there was none.</param>
public sealed record PromoteModelOutputs(string Model, int Version, int? ReplacedVersion, string Reason);
