namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Features of another shape than the model was fitted on; predicting would give numbers without meaning.</summary>
public sealed class FeatureMismatchException(IReadOnlyList<string> expected, IReadOnlyList<string> actual) : Exception(Describe(expected, actual))
{
    public IReadOnlyList<string> Expected { get; } = expected;

    public IReadOnlyList<string> Actual { get; } = actual;

    private static string Describe(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        string[] missing = [.. expected.Except(actual)];
        string[] unknown = [.. actual.Except(expected)];
        string difference = (missing.Length, unknown.Length) switch
        {
            (0, 0) => "the same columns in another order",
            (_, 0) => $"missing: {string.Join(", ", missing)}",
            (0, _) => $"not known to the model: {string.Join(", ", unknown)}",
            _ => $"missing: {string.Join(", ", missing)}; not known to the model: {string.Join(", ", unknown)}",
        };
        return $"The model was fitted on {expected.Count} features and got {actual.Count} ({difference}). "
            + "Score with the feature view version the model was trained on, or train it again.";
    }
}
