namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>How grave it is when an expectation fails, in rising order; critical stops the run.</summary>
public enum ExpectationSeverity
{
    Info,
    Warning,
    Critical,
}
