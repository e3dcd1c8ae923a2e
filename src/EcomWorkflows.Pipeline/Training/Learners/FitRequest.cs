namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>What a learner is given.</summary>
/// <param name="Train">The rows to learn from.</param>
/// <param name="Validation">Rows for early stopping only; null where the learner has to use all its rounds.</param>
/// <param name="Seed">Decides every random choice.</param>
/// <param name="Threads">At most this many; does not change the result.</param>
public sealed record FitRequest(LabelledTable Train, LabelledTable? Validation, int Seed, int Threads)
{
    internal void RequireBothLabels()
    {
        int positives = Train.Positives;
        if (positives == 0 || positives == Train.Rows)
            throw new ArgumentException($"All {Train.Rows} rows have the same label; there is nothing to learn.", nameof(Train));
    }
}
