using System.Globalization;
using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Gradient-boosted trees by XGBoost's histogram method.</summary>
public sealed class GradientBoostingLearner(GradientBoostingSettings settings) : ILearner
{
    /// <summary>Below this, threads wait for each other longer than they work.</summary>
    private const int RowsPerThread = 10_000;

    public const string LearnerName = "gradient_boosting";

    public string Name => LearnerName;

    public IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
    {
        ["objective"] = "binary:logistic",
        ["tree_method"] = "hist",
        ["max_depth"] = Text(settings.MaxDepth),
        ["eta"] = Text(settings.LearningRate),
        ["subsample"] = Text(settings.RowShare),
        ["colsample_bytree"] = Text(settings.ColumnShare),
        ["min_child_weight"] = Text(settings.MinChildWeight),
        ["rounds"] = Text(settings.Rounds),
        ["patience_rounds"] = Text(settings.PatienceRounds),
    };

    public FittedModel Fit(FitRequest request, CancellationToken cancellationToken)
    {
        request.RequireBothLabels();
        request = request with { Threads = UsefulThreads(request) };
        using DMatrix train = BoosterFile.Matrix(request.Train, request.Threads);
        using DMatrix? validation = request.Validation is { } rows ? BoosterFile.Matrix(rows, request.Threads) : null;
        Booster booster = Booster.Create(NativeParameters(request), validation is null ? [train] : [train, validation]);
        try
        {
            int best = Boost(booster, train, validation, cancellationToken);
            if (best < booster.BoostedRounds)
            {
                Booster all = booster;
                booster = all.Slice(0, best);
                booster.FeatureNames = train.FeatureNames;
                all.Dispose();
            }

            BoosterFile.Sign(booster, LearnerName);
            return new GradientBoostingModel(booster, request.Train.Features.Names, request.Threads);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>Of the threads allowed, as many as have enough rows each.</summary>
    internal static int UsefulThreads(FitRequest request) => Math.Clamp(request.Train.Rows / RowsPerThread, 1, Math.Max(1, request.Threads));

    /// <returns>Rounds worth keeping.</returns>
    private int Boost(Booster booster, DMatrix train, DMatrix? validation, CancellationToken cancellationToken)
    {
        (int best, double bestLoss) = (0, double.PositiveInfinity);
        for (int round = 0; round < settings.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(round, train);
            if (validation is null)
                continue;
            double loss = booster.Evaluate(round, (validation, "validation"))[0].Value;
            if (loss < bestLoss)
                (best, bestLoss) = (round + 1, loss);
            else if (round + 1 - best >= settings.PatienceRounds)
                return best;
        }

        return validation is null ? settings.Rounds : best;
    }

    private Dictionary<string, string> NativeParameters(FitRequest request)
    {
        var parameters = Parameters.Where(parameter => parameter.Key is not ("rounds" or "patience_rounds")).ToDictionary();
        parameters["eval_metric"] = "logloss";
        parameters["seed"] = Text(request.Seed);
        parameters["nthread"] = Text(request.Threads);
        parameters["verbosity"] = "0";
        return parameters;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
