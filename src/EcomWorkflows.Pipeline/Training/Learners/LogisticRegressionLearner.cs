using System.Globalization;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Logistic regression with an L2 penalty on standardised columns, fitted by Newton's method (the optimum is unique, so no seed matters).</summary>
/// <param name="C">Inverse of the penalty's strength, as in scikit-learn: the objective is ½‖w‖² + C · Σ log-loss, the intercept unpenalised.</param>
public sealed class LogisticRegressionLearner(double C = 1.0) : ILearner
{
    public const string LearnerName = "logistic_regression";

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
        var scalings = new ColumnScaling[features.Columns];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Threads), CancellationToken = cancellationToken };
        Parallel.For(0, features.Columns, parallel, column => scalings[column] = ColumnScaling.Fit(features, column));
        var objective = new LogisticObjective(Standardise(features, scalings, parallel), features.Columns, request.Train.Labels, C, parallel);
        double[] weights = NewtonSolver.Minimise(objective, cancellationToken);
        return new LogisticRegressionModel(features.Names, scalings, weights[..^1], weights[^1]);
    }

    private static float[] Standardise(FeatureTable table, ColumnScaling[] scalings, ParallelOptions parallel)
    {
        float[] standardised = new float[table.Values.Length];
        const int RowsPerBlock = 8_192;
        Parallel.For(0, (table.Rows + RowsPerBlock - 1) / RowsPerBlock, parallel, block =>
        {
            int end = Math.Min(table.Rows, (block + 1) * RowsPerBlock);
            for (int row = block * RowsPerBlock; row < end; row++)
            {
                int start = row * table.Columns;
                for (int column = 0; column < scalings.Length; column++)
                    standardised[start + column] = (float)scalings[column].Apply(table.Values[start + column]);
            }
        });
        return standardised;
    }
}
