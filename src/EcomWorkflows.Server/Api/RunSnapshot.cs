namespace EcomWorkflows.Server.Api;

/// <summary>What a run looked like at one moment.</summary>
/// <param name="Fingerprint">Differs when anything that people see differs.</param>
internal sealed record RunSnapshot(string State, bool HasEnded, string Fingerprint);
