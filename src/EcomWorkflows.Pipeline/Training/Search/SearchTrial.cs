namespace EcomWorkflows.Pipeline.Training.Search;

/// <summary>One combination of settings and how it did.</summary>
/// <param name="MeanRocAuc">Over the folds; NaN where no fold has both labels.</param>
public sealed record SearchTrial(IReadOnlyDictionary<string, string> Parameters, double MeanRocAuc);
