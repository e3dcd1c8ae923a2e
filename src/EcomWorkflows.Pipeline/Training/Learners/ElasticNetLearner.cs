using System.Globalization;
using System.Text.Json;
using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>
/// Logistic regression with an L1 and an L2 penalty by XGBoost's linear booster (cyclic coordinate descent) on standardised columns.
/// The L1 part sets the coefficients of needless columns to exactly 0, which the plain logistic regression never does.
/// </summary>
/// <remarks>Runs on one thread: the library's sums would otherwise depend on their number in the last digits.</remarks>
public sealed class ElasticNetLearner(ElasticNetSettings settings) : ILearner
{
    public const string LearnerName = "xgboost_linear";

    public string Name => LearnerName;

    public IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
    {
        ["booster"] = "gblinear",
        ["updater"] = "coord_descent",
        ["feature_selector"] = "cyclic",
        ["objective"] = "binary:logistic",
        ["alpha"] = Text(settings.L1),
        ["lambda"] = Text(settings.L2),
        ["rounds"] = Text(settings.Rounds),
        ["scaling"] = "standardised; log1p where non-negative and skewness > " + Text(ColumnScaling.LogFromSkewness),
    };

    public FittedModel Fit(FitRequest request, CancellationToken cancellationToken)
    {
        request.RequireBothLabels();
        FeatureTable features = request.Train.Features;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Threads), CancellationToken = cancellationToken };
        (ColumnScaling[] scalings, float[] rows) = StandardisedRows.Of(features, parallel);
        using DMatrix train = BoosterFile.Matrix(request.Train with { Features = new FeatureTable(features.Names, rows, features.Rows) }, threads: 1);
        using Booster booster = Booster.Create(NativeParameters(request), train);
        for (int round = 0; round < settings.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(round, train);
        }

        (double intercept, double[] coefficients) = Read(booster);
        return new LinearModel(LearnerName, features.Names, scalings, coefficients, intercept);
    }

    private static (double Intercept, double[] Coefficients) Read(Booster booster)
    {
        using JsonDocument dump = JsonDocument.Parse(booster.Dump(DumpFormat.Json)[0]);
        JsonElement root = dump.RootElement;
        return (root.GetProperty("bias")[0].GetDouble(), [.. root.GetProperty("weight").EnumerateArray().Select(weight => weight.GetDouble())]);
    }

    private Dictionary<string, string> NativeParameters(FitRequest request)
    {
        var parameters = Parameters.Where(parameter => parameter.Key is not ("rounds" or "scaling")).ToDictionary();
        parameters["eta"] = "1";
        parameters["base_score"] = "0.5";
        parameters["seed"] = Text(request.Seed);
        parameters["nthread"] = "1";
        parameters["verbosity"] = "0";
        return parameters;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
