namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>An expectation a profile proposes.</summary>
/// <param name="Code">Reason code.</param>
/// <param name="Statement">What is expected, in words.</param>
/// <param name="FalseAlarms">How often the same rule, fitted on one part of the data, failed on another.</param>
/// <param name="Trials">How often that was tried; 0 where the rule never came up.</param>
/// <param name="Kept">False where it would have cried wolf too often: it is not part of the suite.</param>
public sealed record ProposedExpectation(string Code, string Type, string Severity, string Statement, int FalseAlarms, int Trials, bool Kept)
{
    /// <summary>Null where nothing was tried.</summary>
    public double? FalseAlarmRate => Trials == 0 ? null : (double)FalseAlarms / Trials;
}
