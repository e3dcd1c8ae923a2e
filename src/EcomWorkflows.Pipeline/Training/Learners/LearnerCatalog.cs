namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>All learners by name: how each is made for a table of a given size, and how its models are read back.</summary>
public static class LearnerCatalog
{
    private static readonly Entry[] Entries =
    [
        new(LogisticRegressionLearner.LearnerName, LinearModel.FileName, false,
            _ => new LogisticRegressionLearner(),
            _ => [.. from c in (double[])[0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] select new LogisticRegressionLearner(c)],
            (path, _) => LinearModel.Load(path, LogisticRegressionLearner.LearnerName)),
        new(GradientBoostingLearner.LearnerName, BoosterFile.FileName, true,
            rows => new GradientBoostingLearner(GradientBoostingSettings.For(rows * 4 / 5)),
            rows =>
            [
                .. from depth in (int[])[2, 3, 4, 5, 6]
                from rate in (double[])[0.02, 0.05, 0.1]
                from weight in (double[])[1, 5, 20]
                from columns in (double[])[0.5, 0.8]
                select new GradientBoostingLearner(GradientBoostingSettings.For(rows * 4 / 5) with { MaxDepth = depth, LearningRate = rate, MinChildWeight = weight, ColumnShare = columns }),
            ],
            (path, threads) => GradientBoostingModel.Load(path, threads)),
        new(RandomForestLearner.LearnerName, BoosterFile.FileName, true,
            rows => new RandomForestLearner(RandomForestSettings.For(rows)),
            rows =>
            [
                .. from leaf in (int[])[3, 5, 10, 20, 40]
                from columns in (double[])[0, 0.3, 0.5]
                from depth in (int[])[6, 14]
                select new RandomForestLearner(RandomForestSettings.For(rows) with { MinRowsInLeaf = leaf, ColumnShare = columns, MaxDepth = depth }),
            ],
            (path, threads) => RandomForestModel.Load(path, threads)),
        new(ElasticNetLearner.LearnerName, LinearModel.FileName, true,
            _ => new ElasticNetLearner(new ElasticNetSettings()),
            _ =>
            [
                .. from l1 in (double[])[0, 0.0003, 0.001, 0.003, 0.01]
                from l2 in (double[])[0.0001, 0.001, 0.01]
                select new ElasticNetLearner(new ElasticNetSettings { L1 = l1, L2 = l2 }),
            ],
            (path, _) => LinearModel.Load(path, ElasticNetLearner.LearnerName)),
        new(AdaBoostLearner.LearnerName, AdaBoostModel.FileName, false,
            _ => new AdaBoostLearner(new AdaBoostSettings()),
            _ =>
            [
                .. from trees in (int[])[50, 150, 300]
                from depth in (int[])[1, 2, 3]
                from rate in (double[])[0.1, 0.3, 0.5, 1]
                select new AdaBoostLearner(new AdaBoostSettings { Trees = trees, Depth = depth, LearningRate = rate }),
            ],
            (path, _) => AdaBoostModel.Load(path)),
        new(RecencyLearner.LearnerName, LinearModel.FileName, false,
            _ => new RecencyLearner(),
            _ => [new RecencyLearner()],
            (path, _) => LinearModel.Load(path, RecencyLearner.LearnerName)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(entry => entry.Name)];

    /// <summary>What is trained unless a DAG says otherwise: a linear model and trees, the two that are worth their time every day.</summary>
    public static IReadOnlyList<string> Default { get; } = [LogisticRegressionLearner.LearnerName, GradientBoostingLearner.LearnerName];

    /// <summary>The learner with settings that suit so many training rows.</summary>
    /// <exception cref="ArgumentException">There is no learner of this name.</exception>
    public static ILearner Create(string name, int trainRows) => Of(name).Create(trainRows);

    /// <summary>Every combination of settings a search may try, the same list each time.</summary>
    /// <exception cref="ArgumentException">There is no learner of this name.</exception>
    public static IReadOnlyList<ILearner> Variants(string name, int trainRows) => Of(name).Variants(trainRows);

    /// <summary>Whether the learner or its models need libxgboost.</summary>
    /// <exception cref="ArgumentException">There is no learner of this name.</exception>
    public static bool NeedsXGBoost(string name) => Of(name).NeedsXGBoost;

    /// <summary>Name of the file the learner's models are saved in.</summary>
    /// <exception cref="ArgumentException">There is no learner of this name.</exception>
    public static string FileOf(string name) => Of(name).File;

    /// <summary>Reads a model back.</summary>
    /// <exception cref="ArgumentException">There is no learner of this name.</exception>
    /// <exception cref="InvalidDataException">The file is not a model of this learner.</exception>
    /// <exception cref="XGBoost.XGBoostException">The library refuses the file, or is not installed.</exception>
    public static FittedModel Load(string name, string path, int threads) => Of(name).Load(path, threads);

    private static Entry Of(string name) => Array.Find(Entries, entry => entry.Name == name)
        ?? throw new ArgumentException($"There is no learner '{name}'; there are {string.Join(", ", Names)}.", nameof(name));

    private sealed record Entry(
        string Name, string File, bool NeedsXGBoost, Func<int, ILearner> Create, Func<int, IReadOnlyList<ILearner>> Variants, Func<string, int, FittedModel> Load);
}
