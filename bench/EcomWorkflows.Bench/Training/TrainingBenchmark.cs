using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Bench.Training;

/// <summary>
/// Training beside Python in the same run: speed of XGBoost through our binding, equal predictions of the same model file, and the figures of every learner beside its
/// twin on the same rows (Online Retail's training set as our pipeline makes it), with cross-validation on two public labelled files.
/// </summary>
internal sealed class TrainingBenchmark(string repository)
{
    private const int Rows = 1_000_000;
    private const int Columns = 10;
    private const int Rounds = 100;
    private const int Repeats = 2;
    private const int Seed = 42;

    /// <summary>Best figures of <c>baseline/online_retail.py</c> on the same test customers, with its own features.</summary>
    private const double BaselineRocAuc = 0.7632;
    private const double BaselinePrAuc = 0.7203;

    private readonly Twins twins = new(repository);

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-").FullName;
        try
        {
            return
            [
                .. await SpeedAsync(folder, cancellationToken),
                .. await new ScoringBenchmark(twins).RunAsync(cancellationToken),
                .. await OnlineRetailAsync(folder, cancellationToken),
                Labelled("Telco churn", TelcoQuery(), 0.84),
                Labelled("Online Shoppers, with PageValues", ShoppersQuery(), 0.925),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<IReadOnlyList<BenchResult>> SpeedAsync(string folder, CancellationToken cancellationToken)
    {
        var table = Synthetic();
        var raw = RawTable.Write(folder, "speed", table);
        var threads = Environment.ProcessorCount;
        (double Matrix, double Train) python = (double.MaxValue, double.MaxValue), ours = (double.MaxValue, double.MaxValue);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var timed = await twins.RunAsync(cancellationToken, "speed", raw.Values, raw.Labels, Text(Rows), Text(Columns), Text(Rounds), Text(threads));
            python = Least(python, (timed.GetProperty("matrix").GetDouble(), timed.GetProperty("train").GetDouble()));
            ours = Least(ours, Train(table, threads));
        }
        return
        [
            new BenchResult($"train {Rows:N0} × {Columns}, {Rounds} rounds", ours.Train, "s", "Python xgboost", python.Train, ours.Train / python.Train, "at most 1.1 ×", ours.Train <= 1.1 * python.Train),
            new BenchResult("matrix and training", ours.Matrix + ours.Train, "s", "Python xgboost", python.Matrix + python.Train, (ours.Matrix + ours.Train) / (python.Matrix + python.Train), null, null),
        ];
    }

    private static (double Matrix, double Train) Train(LabelledTable table, int threads)
    {
        var watch = Stopwatch.StartNew();
        using var matrix = DMatrix.FromDense(table.Features.Values, table.Rows, table.Features.Columns, threads: threads);
        matrix.SetLabels(Array.ConvertAll(table.Labels, label => label ? 1f : 0f));
        var made = watch.Elapsed.TotalSeconds;
        var parameters = new Dictionary<string, string>
        {
            ["objective"] = "binary:logistic", ["tree_method"] = "hist", ["max_depth"] = "6", ["eta"] = "0.3", ["nthread"] = Text(threads), ["seed"] = "42", ["verbosity"] = "0",
        };
        using var booster = Booster.Create(parameters, matrix);
        for (var round = 0; round < Rounds; round++)
            booster.Update(round, matrix);
        return (made, watch.Elapsed.TotalSeconds - made);
    }

    private async Task<IReadOnlyList<BenchResult>> OnlineRetailAsync(string folder, CancellationToken cancellationToken)
    {
        var (train, test) = await TrainingSetAsync(folder, cancellationToken);
        var (rawTrain, rawTest) = (RawTable.Write(folder, "train", train), RawTable.Write(folder, "test", test));
        var figures = await twins.RunAsync(
            cancellationToken, "twins", rawTrain.Values, rawTrain.Labels, Text(rawTrain.Rows), rawTest.Values, rawTest.Labels, Text(rawTest.Rows), Text(rawTrain.Columns), Text(Seed));
        var results = new List<BenchResult>();
        var best = (RocAuc: 0.0, PrAuc: 0.0);
        foreach (var name in LearnerCatalog.Names)
        {
            using var candidate = new CandidateFitter(TimeProvider.System, Seed, Environment.ProcessorCount).Fit(LearnerCatalog.Create(name, train.Rows), train, cancellationToken);
            var metrics = candidate.Evaluate(test, Seed, out _);
            best = (Math.Max(best.RocAuc, metrics.RocAuc), Math.Max(best.PrAuc, metrics.PrAuc));
            JsonElement? twin = figures.TryGetProperty(name, out var found) ? found : null;
            results.Add(Compared($"Online Retail, {name}: ROC-AUC", metrics.RocAuc, metrics.RocAucInterval, twin, "roc_auc"));
            results.Add(Compared($"Online Retail, {name}: PR-AUC", metrics.PrAuc, metrics.PrAucInterval, twin, "pr_auc"));
            if (name == GradientBoostingLearner.LearnerName)
                results.Add(await ParityAsync(folder, candidate.Model, rawTest, test, cancellationToken));
        }
        results.Add(new BenchResult("Online Retail, best learner: ROC-AUC", best.RocAuc, "", "best of online_retail.py", BaselineRocAuc, best.RocAuc / BaselineRocAuc, "not below", best.RocAuc >= BaselineRocAuc));
        results.Add(new BenchResult("Online Retail, best learner: PR-AUC", best.PrAuc, "", "best of online_retail.py", BaselinePrAuc, best.PrAuc / BaselinePrAuc, "not below", best.PrAuc >= BaselinePrAuc));
        return results;
    }

    private static BenchResult Compared(string name, double value, Interval interval, JsonElement? twin, string figure)
    {
        var title = $"{name} ({interval.Low:0.000} to {interval.High:0.000})";
        if (twin is not { } found)
            return new BenchResult(title, value, "", null, null, null, null, null);
        var other = found.GetProperty(figure).GetDouble();
        var range = found.GetProperty(figure + "_interval").EnumerateArray().Select(bound => bound.GetDouble().ToString("0.000", CultureInfo.InvariantCulture));
        // Better than the twin is welcome.
        return new BenchResult(title, value, "", $"its twin ({string.Join(" to ", range)})", other, value / other, "at most 0.01 below", value >= other - 0.01);
    }

    private async Task<BenchResult> ParityAsync(string folder, FittedModel model, RawTable raw, LabelledTable test, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, model.Save(folder).DataFile);
        var output = Path.Combine(folder, "predicted");
        await twins.RunAsync(cancellationToken, "predict", file, raw.Values, Text(raw.Rows), Text(raw.Columns), output);
        var python = new float[test.Rows];
        Buffer.BlockCopy(await File.ReadAllBytesAsync(output, cancellationToken), 0, python, 0, test.Rows * sizeof(float));
        var difference = model.Predict(test.Features).Zip(python).Max(pair => Math.Abs((double)pair.First - pair.Second));
        return new BenchResult("largest difference of a prediction, same model file", difference, "", "Python xgboost", 0, null, "at most 1e-6", difference <= 1e-6);
    }

    private async Task<(LabelledTable Train, LabelledTable Test)> TrainingSetAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(repository, "src", "EcomWorkflows.Server", "bin", "Release", "net10.0", "ecom.dll"), "demo", "--exit", "--source", "online-retail", "--file", Shared("data", "online-retail-part1.csv.gz") },
        };
        start.Environment["ECOM_HOME"] = Path.Combine(folder, "home");
        start.Environment["ECOM_ROOT"] = repository;
        start.Environment["ECOM_URLS"] = "http://127.0.0.1:18098";
        start.Environment.Remove("ECOM_DATABASE");
        var run = await MeasuredProcess.RunAsync(start, _ => true, cancellationToken);
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"churn-daily failed:\n{run.Output}");
        var files = Directory.EnumerateFiles(Path.Combine(folder, "home", "lake"), "*.parquet", SearchOption.AllDirectories)
            .Where(path => path.Contains("churn_training_set", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(DuckDbSql.Literal);
        return (Part("train"), Part("test"));

        LabelledTable Part(string split) => LabelledCsv.Read(
            $"select * exclude (customer_id, split, cutoff, churned, feature_as_of), churned from read_parquet([{string.Join(", ", files)}]) where split = '{split}'");
    }

    private BenchResult Labelled(string name, string query, double goal)
    {
        var table = LabelledCsv.Read(query);
        var results = LearnerCatalog.Names.Where(learner => learner != RecencyLearner.LearnerName).Select(learner => CrossValidation.Of(learner, table, Seed)).ToArray();
        var best = results.MaxBy(result => result.RocAuc)!;
        var others = string.Join(", ", results.Where(result => result != best).Select(result => $"{result.Learner} {result.RocAuc.ToString("0.0000", CultureInfo.InvariantCulture)}"));
        return new BenchResult(
            $"{name}: ROC-AUC of {best.Learner} ({best.Low:0.0000} to {best.High:0.0000}; {others})", best.RocAuc, "", "goal", goal, best.RocAuc / goal, "not below", best.RocAuc >= goal);
    }

    private string TelcoQuery() =>
        $"""
        select * exclude (customerID, Churn, TotalCharges), try_cast(trim(TotalCharges) as double) as TotalCharges, (Churn = 'Yes')::int as label
        from read_csv({DuckDbSql.Literal(Shared("data", "telco-customer-churn.csv.gz"))}, header = true)
        """;

    private string ShoppersQuery() =>
        $"""
        select * exclude (Revenue, Weekend, OperatingSystems, Browser, Region, TrafficType), Weekend::int as Weekend, OperatingSystems::varchar as OperatingSystems, Browser::varchar as Browser,
          Region::varchar as Region, TrafficType::varchar as TrafficType, (upper(Revenue::varchar) = 'TRUE')::int as label
        from read_csv({DuckDbSql.Literal(Shared("data", "online-shoppers-intention.csv.gz"))}, header = true)
        """;

    private string Shared(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([repository, "..", "shared", .. parts]));
        return File.Exists(path) ? path : throw new FileNotFoundException($"The benchmark needs {path}, which is not part of the repository.");
    }

    private static LabelledTable Synthetic()
    {
        var random = new Random(Seed);
        var values = new float[Rows * Columns];
        var labels = new bool[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var score = 0.0;
            for (var column = 0; column < Columns; column++)
            {
                var value = random.NextSingle();
                values[(row * Columns) + column] = value;
                score += column < 4 ? (value - 0.5) * (4 - column) : 0;
            }
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-score));
        }
        return new LabelledTable(new FeatureTable([.. Enumerable.Range(0, Columns).Select(column => $"f{column}")], values, Rows), labels);
    }

    private static (double, double) Least((double A, double B) first, (double A, double B) second) => first.A + first.B <= second.A + second.B ? first : second;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
