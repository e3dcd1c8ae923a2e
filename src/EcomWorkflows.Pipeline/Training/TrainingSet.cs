using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>A training set in memory, both parts with the same feature columns.</summary>
/// <param name="Test">Rows of a later cutoff than <paramref name="Train"/>.</param>
/// <param name="TrainCutoff">The last of the training cutoffs.</param>
public sealed record TrainingSet(LabelledTable Train, LabelledTable Test, DateTimeOffset TrainCutoff, DateTimeOffset TestCutoff)
{
    /// <summary>The training rows by cutoff, the oldest first; one where there is one cutoff.</summary>
    public IReadOnlyList<TrainingPeriod> Periods { get; init; } = [new(TrainCutoff, Train.Rows)];

    /// <summary>What the time columns of the set give away; looked at while reading, for they are no features.</summary>
    public IReadOnlyList<LeakFinding> TimeLeaks { get; init; } = [];
}
