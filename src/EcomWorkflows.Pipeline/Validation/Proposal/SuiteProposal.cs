using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>A suite proposed from data, with the false alarms it would have had.</summary>
/// <param name="Suite">The suite file's content.</param>
/// <param name="Method">What was tried on what.</param>
/// <param name="SuiteFalseAlarms">In how many trials at least one kept expectation failed.</param>
public sealed record SuiteProposal(JsonObject Suite, IReadOnlyList<ProposedExpectation> Expectations, string Method, int SuiteFalseAlarms, int Trials, long Rows);
