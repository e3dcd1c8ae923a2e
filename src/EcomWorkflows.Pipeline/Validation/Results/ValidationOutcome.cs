namespace EcomWorkflows.Pipeline.Validation;

/// <summary>How the validation of a table came out.</summary>
public enum ValidationOutcome
{
    /// <summary>Every expectation holds, within its <c>mostly</c>.</summary>
    Passed,

    /// <summary>Expectations of severity warning or info failed; the run continues.</summary>
    Warned,

    /// <summary>A critical expectation failed or could not be checked; the run stops.</summary>
    Failed,
}
