namespace EcomWorkflows.Pipeline.Training;

/// <summary>A training set in memory, both parts with the same feature columns.</summary>
/// <param name="Test">Rows of a later cutoff than <paramref name="Train"/>.</param>
public sealed record TrainingSet(LabelledTable Train, LabelledTable Test, DateTimeOffset TrainCutoff, DateTimeOffset TestCutoff);
