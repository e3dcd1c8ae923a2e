using System.Text.Json;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Coefficients on prepared columns.</summary>
public sealed class LogisticRegressionModel : FittedModel
{
    public const string FlavorName = "ecom_logistic_regression";

    internal const string FileName = "model.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly ColumnScaling[] _scalings;
    private readonly double[] _coefficients;
    private readonly double _intercept;

    internal LogisticRegressionModel(IReadOnlyList<string> names, ColumnScaling[] scalings, double[] coefficients, double intercept)
    {
        FeatureNames = names;
        (_scalings, _coefficients, _intercept) = (scalings, coefficients, intercept);
    }

    public override string Learner => LogisticRegressionLearner.LearnerName;

    public override IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Change of the log-odds per standard deviation of each (prepared) feature.</summary>
    public IReadOnlyList<double> Coefficients => _coefficients;

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
            1, _intercept, [.. FeatureNames.Select((name, i) => new Term(name, _coefficients[i], _scalings[i].Log, _scalings[i].Mean, _scalings[i].Deviation))]);
        File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(document, Json));
        return new ModelFlavor(FlavorName, FileName, new Dictionary<string, string> { ["format_version"] = "1" });
    }

    /// <exception cref="InvalidDataException">The file is truncated or not such a model.</exception>
    public static LogisticRegressionModel Load(string path)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"'{path}' is not a logistic regression model: {problem.Message}", problem);
        }

        if (document is not { FormatVersion: 1, Terms: { Count: > 0 } terms } || terms.Any(term => term is not { Feature: not null, Deviation: > 0 }))
            throw new InvalidDataException($"'{path}' is not a logistic regression model of format version 1.");
        return new LogisticRegressionModel(
            [.. terms.Select(term => term.Feature)],
            [.. terms.Select(term => new ColumnScaling(term.Log, term.Mean, term.Deviation))],
            [.. terms.Select(term => term.Coefficient)],
            document.Intercept);
    }

    private sealed record Document(int FormatVersion, double Intercept, IReadOnlyList<Term> Terms);

    private sealed record Term(string Feature, double Coefficient, bool Log, double Mean, double Deviation);
}
