namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>An algorithm with its settings; it keeps nothing of what it learns.</summary>
public interface ILearner
{
    /// <summary>Stable name, for example <c>logistic_regression</c>.</summary>
    string Name { get; }

    /// <summary>Every setting that decides the result, for the model's record.</summary>
    IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>Learns from the given rows only; the same rows, settings and seed give the same model file.</summary>
    /// <exception cref="ArgumentException">The rows hold only one kind of label.</exception>
    FittedModel Fit(FitRequest request, CancellationToken cancellationToken);
}
