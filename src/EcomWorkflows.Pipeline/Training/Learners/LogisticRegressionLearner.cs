using System.Globalization;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Logistic regression with an L2 penalty on standardised columns, fitted by Newton's method (the optimum is unique, so no seed matters).</summary>
/// <param name="C">Inverse of the penalty's strength, as in scikit-learn: the objective is ½‖w‖² + C · Σ log-loss, the intercept unpenalised.</param>
public sealed class LogisticRegressionLearner(double C = 1.0) : ILearner
{
    public const string LearnerName = "logistic_regression";

    /// <summary>Rows the first steps are taken on where there are many more.</summary>
    private const int RowsOfFirstSteps = 32_768;

    public string Name => LearnerName;

    public IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
    {
        ["penalty"] = "l2",
        ["C"] = C.ToString("R", CultureInfo.InvariantCulture),
        ["scaling"] = "standardised; log1p where non-negative and skewness > " + ColumnScaling.LogFromSkewness.ToString(CultureInfo.InvariantCulture),
        ["solver"] = "newton-cholesky",
    };

    public FittedModel Fit(FitRequest request, CancellationToken cancellationToken)
    {
        request.RequireBothLabels();
        FeatureTable features = request.Train.Features;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Threads), CancellationToken = cancellationToken };
        (ColumnScaling[] scalings, float[] rows) = StandardisedRows.Of(features, parallel);
        double[] weights = new double[features.Columns + 1];
        if (features.Rows > RowsOfFirstSteps * 2)
            weights = NewtonSolver.Minimise(Sample(rows, request.Train, parallel), weights, cancellationToken);
        weights = NewtonSolver.Minimise(new LogisticObjective(rows, features.Columns, request.Train.Labels, C, parallel), weights, cancellationToken);
        return new LinearModel(LearnerName, features.Names, scalings, weights[..^1], weights[^1]);
    }

    /// <summary>The same objective over an even sample, weighted up to all rows: its optimum is near that of all rows and costs a fraction.</summary>
    private LogisticObjective Sample(float[] rows, LabelledTable train, ParallelOptions parallel)
    {
        int columns = train.Features.Columns;
        int step = train.Rows / RowsOfFirstSteps;
        int count = train.Rows / step;
        float[] sampled = new float[count * columns];
        bool[] labels = new bool[count];
        for (int i = 0; i < count; i++)
        {
            rows.AsSpan(i * step * columns, columns).CopyTo(sampled.AsSpan(i * columns));
            labels[i] = train.Labels[i * step];
        }

        return new LogisticObjective(sampled, columns, labels, C * step, parallel);
    }
}
