using System.Globalization;
using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Random forest (Breiman, 2001) by XGBoost: one round of many trees, each on its own rows, each split on its own columns.</summary>
/// <remarks>Fitted on the squared error, whose leaves are shares of positives: the forest's mean is a probability without further calibration.</remarks>
public sealed class RandomForestLearner(RandomForestSettings settings) : ILearner
{
    public const string LearnerName = "random_forest";

    public string Name => LearnerName;

    public IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
    {
        ["objective"] = "reg:squarederror",
        ["tree_method"] = "hist",
        ["num_parallel_tree"] = Text(settings.Trees),
        ["max_depth"] = Text(settings.MaxDepth),
        ["subsample"] = Text(settings.RowShare),
        ["colsample_bynode"] = settings.ColumnShare > 0 ? Text(settings.ColumnShare) : "square root",
        ["min_child_weight"] = Text(settings.MinRowsInLeaf),
        ["eta"] = "1",
        ["lambda"] = "0",
    };

    public FittedModel Fit(FitRequest request, CancellationToken cancellationToken)
    {
        request.RequireBothLabels();
        cancellationToken.ThrowIfCancellationRequested();
        int threads = GradientBoostingLearner.UsefulThreads(request);
        using DMatrix train = BoosterFile.Matrix(request.Train, threads);
        Booster booster = Booster.Create(NativeParameters(request, threads), train);
        try
        {
            booster.Update(0, train);
            BoosterFile.Sign(booster, LearnerName);
            return new RandomForestModel(booster, request.Train.Features.Names);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    private Dictionary<string, string> NativeParameters(FitRequest request, int threads)
    {
        int columns = request.Train.Features.Columns;
        var parameters = Parameters.ToDictionary();
        if (settings.ColumnShare <= 0)
            parameters["colsample_bynode"] = Text(Math.Max(1, Math.Round(Math.Sqrt(columns))) / columns);
        parameters["base_score"] = Text((double)request.Train.Positives / request.Train.Rows);
        parameters["seed"] = Text(request.Seed);
        parameters["nthread"] = Text(threads);
        parameters["verbosity"] = "0";
        return parameters;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
