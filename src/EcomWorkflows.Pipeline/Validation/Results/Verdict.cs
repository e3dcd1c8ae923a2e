namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>How an expectation came out.</summary>
internal enum Verdict
{
    /// <summary>Nothing was found.</summary>
    Passed,

    /// <summary>Failing rows were found, no more than <c>mostly</c> allows.</summary>
    Tolerated,

    Failed,

    /// <summary>It could not be checked; counts as a critical failure.</summary>
    Error,
}
