using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>A suite proposed from data, with the false alarms it would have had.</summary>
/// <param name="Suite">The suite file's content.</param>
/// <param name="Method">What was tried on what.</param>
/// <param name="SuiteFalseAlarms">In how many trials at least one kept expectation failed.</param>
/// <param name="Limit">What there are too few rows to propose, in words; null where there are enough.</param>
public sealed record SuiteProposal(JsonObject Suite, IReadOnlyList<ProposedExpectation> Expectations, string Method, int SuiteFalseAlarms, int Trials, long Rows, string? Limit)
{
    /// <summary>What it is proposed from and how that was tried, in words.</summary>
    public string Basis => $"{(Rows == 1 ? "1 row" : $"{Rows} rows")}; {Method}{(Trials == 0 ? "" : $": {SuiteFalseAlarms} of {Trials} trials had a false alarm")}";
}
