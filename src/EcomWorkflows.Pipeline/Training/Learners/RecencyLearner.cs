namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>The rule everybody knows: how long a customer has been away, and nothing else. What a model has to beat to be worth its trouble.</summary>
public sealed class RecencyLearner : ILearner
{
    public const string LearnerName = "recency_baseline";

    /// <summary>Names of the column that tells days since the last activity, the first one found is used.</summary>
    public static readonly IReadOnlyList<string> Columns = ["recency", "recency_days", "days_since_last_event"];

    public string Name => LearnerName;

    public IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string> { ["column"] = string.Join(" or ", Columns) };

    /// <exception cref="ArgumentException">There is no such column, or only one kind of label.</exception>
    public FittedModel Fit(FitRequest request, CancellationToken cancellationToken)
    {
        FeatureTable features = request.Train.Features;
        int column = Columns.Select(name => features.Names.ToList().IndexOf(name)).FirstOrDefault(index => index >= 0, -1);
        if (column < 0)
            throw new ArgumentException($"{LearnerName} needs one of the features {string.Join(", ", Columns)}; there are {string.Join(", ", features.Names)}.", nameof(request));

        float[] values = new float[features.Rows];
        for (int row = 0; row < values.Length; row++)
            values[row] = features.Values[(row * features.Columns) + column];
        var alone = request.Train with { Features = new FeatureTable([features.Names[column]], values, features.Rows) };
        using var fitted = (LinearModel)new LogisticRegressionLearner().Fit(request with { Train = alone, Validation = null }, cancellationToken);

        double[] coefficients = new double[features.Columns];
        coefficients[column] = fitted.Coefficients[0];
        ColumnScaling[] scalings = [.. Enumerable.Repeat(new ColumnScaling(false, 0, 1), features.Columns)];
        scalings[column] = fitted.Scalings[0];
        return new LinearModel(LearnerName, features.Names, scalings, coefficients, fitted.Intercept);
    }
}
