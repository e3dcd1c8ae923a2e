namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>Something in a suite file that cannot be meant so.</summary>
/// <param name="Line">Starts at 1.</param>
public sealed record SuiteProblem(string File, int Line, string Message)
{
    public override string ToString() => $"{File} line {Line}: {Message}";
}
