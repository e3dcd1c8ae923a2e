namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Coefficients on prepared columns: what every linear learner gives, however it found them.</summary>
public sealed class LinearModel : FittedModel
{
    public const string FlavorName = "ecom_linear";

    internal const string FileName = "model.json";

    private const int RowsPerBlock = 16_384;

    private readonly ColumnScaling[] _scalings;
    private readonly double[] _coefficients;
    private readonly double _intercept;

    internal LinearModel(string learner, IReadOnlyList<string> names, ColumnScaling[] scalings, double[] coefficients, double intercept)
    {
        (Learner, FeatureNames) = (learner, names);
        (_scalings, _coefficients, _intercept) = (scalings, coefficients, intercept);
    }

    public override string Learner { get; }

    public override IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Change of the log-odds per standard deviation of each (prepared) feature.</summary>
    public IReadOnlyList<double> Coefficients => _coefficients;

    internal IReadOnlyList<ColumnScaling> Scalings => _scalings;

    internal double Intercept => _intercept;

    public override float[] Predict(FeatureTable table)
    {
        RequireColumns(table.Names);
        float[] probabilities = new float[table.Rows];
        Parallel.For(0, (table.Rows + RowsPerBlock - 1) / RowsPerBlock, block =>
        {
            int first = block * RowsPerBlock;
            int rows = Math.Min(RowsPerBlock, table.Rows - first);
            Predict(table.Values.AsSpan(first * table.Columns, rows * table.Columns), rows, probabilities.AsSpan(first, rows));
        });
        return probabilities;
    }

    public override void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities)
    {
        int columns = _coefficients.Length;
        for (int row = 0; row < rows; row++)
        {
            double margin = _intercept;
            ReadOnlySpan<float> x = values.Slice(row * columns, columns);
            for (int column = 0; column < columns; column++)
                margin += _coefficients[column] * _scalings[column].Apply(x[column]);
            probabilities[row] = (float)(1 / (1 + Math.Exp(-margin)));
        }
    }

    public override float[] Contributions(FeatureTable table)
    {
        RequireColumns(table.Names);
        int columns = _coefficients.Length;
        float[] contributions = new float[table.Rows * (columns + 1)];
        for (int row = 0; row < table.Rows; row++)
        {
            Span<float> target = contributions.AsSpan(row * (columns + 1), columns + 1);
            ReadOnlySpan<float> x = table.Row(row);
            for (int column = 0; column < columns; column++)
                target[column] = (float)(_coefficients[column] * _scalings[column].Apply(x[column]));
            target[columns] = (float)_intercept;
        }

        return contributions;
    }

    public override ModelFlavor Save(string folder)
    {
        var document = new Document(
            1, Learner, _intercept, [.. FeatureNames.Select((name, i) => new Term(name, _coefficients[i], _scalings[i].Log, _scalings[i].Mean, _scalings[i].Deviation))]);
        ModelJson.Write(Path.Combine(folder, FileName), document);
        return new ModelFlavor(FlavorName, FileName, new Dictionary<string, string> { ["format_version"] = "1" });
    }

    /// <param name="learner">The learner that is expected to have made it.</param>
    /// <exception cref="InvalidDataException">The file is truncated, not a linear model, or another learner's.</exception>
    public static LinearModel Load(string path, string learner)
    {
        Document document = ModelJson.Read<Document>(path, "linear model");
        if (document is not { FormatVersion: 1, Terms: { Count: > 0 } terms } || terms.Any(term => term is not { Feature: not null, Deviation: > 0 }))
            throw new InvalidDataException($"'{path}' is not a linear model of format version 1.");
        // The first files did not name their learner; there was only one.
        ModelJson.RequireLearner(path, document.Learner ?? LogisticRegressionLearner.LearnerName, learner);
        return new LinearModel(
            learner,
            [.. terms.Select(term => term.Feature)],
            [.. terms.Select(term => new ColumnScaling(term.Log, term.Mean, term.Deviation))],
            [.. terms.Select(term => term.Coefficient)],
            document.Intercept);
    }

    private sealed record Document(int FormatVersion, string? Learner, double Intercept, IReadOnlyList<Term> Terms);

    private sealed record Term(string Feature, double Coefficient, bool Log, double Mean, double Deviation);
}
