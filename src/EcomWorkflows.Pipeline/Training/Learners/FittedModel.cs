namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>What a learner learned: immutable, and the only thing that can predict. Safe to use from several threads until it is disposed.</summary>
public abstract class FittedModel : IDisposable
{
    /// <summary>Name of the learner that made it.</summary>
    public abstract string Learner { get; }

    /// <summary>Columns it expects, in this order.</summary>
    public abstract IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Probability of the positive label for each row.</summary>
    /// <exception cref="FeatureMismatchException">The table's columns are not those the model was fitted on.</exception>
    public virtual float[] Predict(FeatureTable table)
    {
        RequireColumns(table.Names);
        float[] probabilities = new float[table.Rows];
        Predict(table.Values, table.Rows, probabilities);
        return probabilities;
    }

    /// <summary>As <see cref="Predict(FeatureTable)"/> for a block whose columns were checked once by <see cref="RequireColumns"/>.</summary>
    public abstract void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities);

    /// <summary>What each feature adds to a row's log-odds, and in the last column the constant they are added to.</summary>
    /// <returns>Rows × (features + 1) numbers, row after row; each row sums to the log-odds of its probability.</returns>
    public abstract float[] Contributions(FeatureTable table);

    /// <summary>Writes the model's own files into an existing folder.</summary>
    public abstract ModelFlavor Save(string folder);

    /// <exception cref="FeatureMismatchException">Names or order differ.</exception>
    public void RequireColumns(IReadOnlyList<string> names)
    {
        if (!names.SequenceEqual(FeatureNames))
            throw new FeatureMismatchException(FeatureNames, names);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
