using System.Globalization;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>
/// AdaBoost (SAMME of Zhu, Zou, Rosset and Hastie, 2009, for two classes) on shallow trees: each tree votes, rows it got wrong weigh more for the next.
/// Nothing in it is random, so the seed has no effect.
/// </summary>
/// <remarks>The votes' sum ranks well but is no probability; a logistic curve fitted to it on the training rows makes it one (Platt, 1999).</remarks>
public sealed class AdaBoostLearner : ILearner
{
    public const string LearnerName = "adaboost";

    private const double LeastError = 1e-10;

    private readonly AdaBoostSettings _settings;

    /// <exception cref="ArgumentOutOfRangeException">Depth is not 1 to 3, or there is no tree.</exception>
    public AdaBoostLearner(AdaBoostSettings settings)
    {
        if (settings.Depth is < 1 or > VotingTree.MaxDepth)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Depth, $"Depth of the trees: allowed are 1 to {VotingTree.MaxDepth}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Trees, 1);
        _settings = settings;
        Parameters = new Dictionary<string, string>
        {
            ["algorithm"] = "SAMME",
            ["n_estimators"] = Text(settings.Trees),
            ["max_depth"] = Text(settings.Depth),
            ["learning_rate"] = Text(settings.LearningRate),
            ["min_rows_in_leaf"] = Text(settings.MinRowsInLeaf),
            ["calibration"] = "logistic, on training rows",
        };
    }

    public string Name => LearnerName;

    public IReadOnlyDictionary<string, string> Parameters { get; }

    public FittedModel Fit(FitRequest request, CancellationToken cancellationToken)
    {
        request.RequireBothLabels();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Threads), CancellationToken = cancellationToken };
        BinnedTable bins = BinnedTable.Of(request.Train.Features, parallel);
        var grower = new VotingTreeGrower(bins, request.Train.Labels, _settings.Depth, _settings.MinRowsInLeaf, parallel);
        (List<VotingTree> trees, float[] votes) = Boost(grower, bins, request.Train.Labels, cancellationToken);
        (double slope, double intercept) = Calibrate(votes, request.Train.Labels, parallel, cancellationToken);
        return new AdaBoostModel(request.Train.Features.Names, trees, slope, intercept);
    }

    private (List<VotingTree> Trees, float[] Votes) Boost(VotingTreeGrower grower, BinnedTable bins, bool[] labels, CancellationToken cancellationToken)
    {
        var trees = new List<VotingTree>(_settings.Trees);
        double[] weights = new double[labels.Length];
        Array.Fill(weights, 1.0 / labels.Length);
        double[] sums = new double[labels.Length];
        sbyte[] votes = new sbyte[labels.Length];
        while (trees.Count < _settings.Trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            VotingTree tree = grower.Grow(weights, votes);
            double error = 0;
            for (int row = 0; row < votes.Length; row++)
                error += votes[row] > 0 == labels[row] ? 0 : weights[row];
            if (error >= 0.5 - LeastError && trees.Count > 0)
                break;
            double say = _settings.LearningRate * Math.Log((1 - Math.Max(error, LeastError)) / Math.Max(error, LeastError));
            trees.Add(tree with { Say = say });
            for (int row = 0; row < votes.Length; row++)
                sums[row] += say * votes[row];
            if (error <= LeastError)
                break;
            Reweigh(weights, votes, labels, Math.Exp(say));
        }

        return (trees, Array.ConvertAll(sums, sum => (float)sum));
    }

    private static void Reweigh(double[] weights, sbyte[] votes, bool[] labels, double factor)
    {
        double total = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            if (votes[row] > 0 != labels[row])
                weights[row] *= factor;
            total += weights[row];
        }

        for (int row = 0; row < weights.Length; row++)
            weights[row] /= total;
    }

    private static (double Slope, double Intercept) Calibrate(float[] votes, bool[] labels, ParallelOptions parallel, CancellationToken cancellationToken)
    {
        double mean = votes.Average(vote => (double)vote);
        double deviation = Math.Sqrt(votes.Average(vote => (vote - mean) * (vote - mean)));
        if (deviation == 0)
            deviation = 1;
        float[] standardised = Array.ConvertAll(votes, vote => (float)((vote - mean) / deviation));
        double[] weights = NewtonSolver.Minimise(new LogisticObjective(standardised, 1, labels, 1, parallel), new double[2], cancellationToken);
        double slope = weights[0] / deviation;
        return (slope, weights[1] - (slope * mean));
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
