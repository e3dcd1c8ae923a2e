using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Joins what was known of each pair of visitor and item at the cutoffs with what was bought after them.</summary>
[TaskType("Ecom.BuildPurchaseSet", DisplayName = "Build purchase set", Category = "Training", Description =
    "Labels every pair of visitor and item of recent interest before each cutoff with the purchase after it, and joins the features known at the cutoff. The classic variant computes its own features, of the same period as the purchases.")]
public sealed class BuildPurchaseSetTask(SourceCatalog sources, LakeStore lake, HistoricalFeatures features, PipelineOptions options)
    : ITask<BuildPurchaseSetInputs, BuildPurchaseSetOutputs>
{
    public async Task<TaskResult<BuildPurchaseSetOutputs>> RunAsync(BuildPurchaseSetInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        PurchaseSet made = inputs.Variant == PurchaseVariant.Classic
            ? await Task.Run(() => WriteClassic(mapping, events, context, cancellationToken), cancellationToken)
            : await WriteHonestAsync(mapping, events, context, cancellationToken);
        var set = new List<LakeFile>();
        foreach (string file in made.Files)
            set.Add(await lake.DescribeAsync(file, cancellationToken));
        LakeFile? pairs = made.PairFile is { } pairFile ? await lake.DescribeAsync(pairFile, cancellationToken) : null;
        LakeSnapshot? published = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                published = await lake.PublishAsync(scope, context, PurchaseTables.TrainingSet(mapping.Source, inputs.Variant), set, made.Columns, token);
                if (pairs is not null)
                    await lake.PublishAsync(scope, context, PurchaseTables.ClassicPairs(mapping.Source), pairs.Rows == 0 ? [] : [pairs], made.PairColumns, token);
            },
            cancellationToken);

        (ChurnWindows windows, PairCounts counts) = (made.Windows, made.Counts);
        double coverage = counts.TestPurchases == 0 ? 0 : (double)counts.TestBought / counts.TestPurchases;
        context.Logger.LogInformation(
            "Purchase set ({Variant}): {TrainRows} pairs at {Cutoffs} training cutoff(s) up to {TrainCutoff:yyyy-MM-dd} ({TrainBought} bought), {TestRows} at {TestCutoff:yyyy-MM-dd} ({TestBought} bought of {TestPurchases} pairs bought after it); {Latest} pairs to score as of {ScoreAsOf:yyyy-MM-dd}",
            inputs.Variant, counts.TrainRows, windows.TrainCutoffs.Count, windows.TrainCutoff, counts.TrainBought, counts.TestRows, windows.TestCutoff, counts.TestBought, counts.TestPurchases, made.LatestPairs, windows.ScoreAsOf);
        return new BuildPurchaseSetOutputs(
            published!.SnapshotId, inputs.Variant.ToString().ToLowerInvariant(), windows.TrainCutoff, windows.TestCutoff, windows.ScoreAsOf, windows.OutcomeDays, windows.TrainCutoffs.Count,
            counts.TrainRows, counts.TrainBought, counts.TestRows, counts.TestBought, counts.TestPurchases, coverage, made.LatestPairs, made.Features);
    }

    private async Task<PurchaseSet> WriteHonestAsync(SourceMapping mapping, LakeSnapshot events, TaskContext context, CancellationToken cancellationToken)
    {
        TaskFeatures known = await features.OpenAsync(HistoricalQuery.OfService(FeatureView.PurchaseServiceOf(mapping.Source)), context, cancellationToken);
        PairFeatures.Require(known);
        return await Task.Run(() => WriteHonest(mapping, events, known, context, cancellationToken), cancellationToken);
    }

    private PurchaseSet WriteHonest(SourceMapping mapping, LakeSnapshot events, TaskFeatures known, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = Open(context);
        string scan = lake.Scan(events);
        (DateTimeOffset first, DateTimeOffset last) = SourceWindows.Span(duckdb, mapping.Source, scan, cancellationToken);
        ChurnWindows windows = PurchaseWindows.For(mapping, first, last);
        PairSql.LoadPurchases(duckdb, scan, cancellationToken);
        string rows = PairFeatures.At(windows.AsOfTimes, known, duckdb, scan, mapping.Purchase.CandidateDays, context, cancellationToken);

        // One file per moment: they are made one after the other, in the memory of one.
        (string Split, DateTimeOffset Cutoff)[] moments = [.. windows.TrainCutoffs.Select(cutoff => ("train", cutoff)), ("test", windows.TestCutoff)];
        var files = new List<string>();
        foreach ((string split, DateTimeOffset cutoff) in moments)
        {
            context.ReportProgress((1.0 + files.Count) / (moments.Length + 2), $"pairs of visitors and items, {split} {cutoff:yyyy-MM-dd}");
            files.Add(lake.NewFile(context, PurchaseTables.TrainingSet(mapping.Source, PurchaseVariant.Honest), $"{split}-{cutoff:yyyyMMdd}.parquet"));
            Copy(duckdb, PurchaseSetSql.Labelled(split, cutoff, windows, rows, known.Names), files[^1], cancellationToken);
        }

        PairCounts counts = PairCounts.Read(duckdb, ScanOf(files), cancellationToken) with { TestPurchases = Purchases(duckdb, windows, cancellationToken) };
        counts.Require(mapping, windows);
        long latest = duckdb.Scalar<long>($"select count(*) from {rows} where event_timestamp = {PairSql.Literal(windows.ScoreAsOf)}", ct: cancellationToken);
        return new PurchaseSet(windows, counts, files, LakeStore.Columns(duckdb, files[0], cancellationToken), latest, known.Names.Count);
    }

    private PurchaseSet WriteClassic(SourceMapping mapping, LakeSnapshot events, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = Open(context);
        string scan = lake.Scan(events);
        (DateTimeOffset first, DateTimeOffset last) = SourceWindows.Span(duckdb, mapping.Source, scan, cancellationToken);
        // The label looks at the whole history, so its outcome begins with the first day.
        var firstDay = new DateTimeOffset(first.UtcDateTime.Date, TimeSpan.Zero);
        ChurnWindows windows = PurchaseWindows.For(mapping, first, last) with { TrainCutoff = firstDay, TestCutoff = firstDay, EarlierTrainCutoffs = [] };
        PairSql.LoadSteps(duckdb, scan, from: null, cancellationToken);

        context.ReportProgress(0.3, "pairs of visitors and items");
        string file = lake.NewFile(context, PurchaseTables.TrainingSet(mapping.Source, PurchaseVariant.Classic), "part-0.parquet");
        Copy(duckdb, PurchaseSetSql.Classic(windows), file, cancellationToken);
        PairCounts counts = PairCounts.Read(duckdb, ScanOf([file]), cancellationToken);
        // Every bought pair is a candidate.
        counts = counts with { TestPurchases = counts.TestBought };
        counts.Require(mapping, windows);

        context.ReportProgress(0.9, "pairs to score");
        string pairFile = lake.NewFile(context, PurchaseTables.ClassicPairs(mapping.Source));
        Copy(duckdb, PurchaseSetSql.ClassicLatest(ScanOf([file])), pairFile, cancellationToken);
        return new PurchaseSet(windows, counts, [file], LakeStore.Columns(duckdb, file, cancellationToken), counts.TrainRows + counts.TestRows, PairFeatures.Scores.Count)
        {
            PairFile = pairFile, PairColumns = LakeStore.Columns(duckdb, pairFile, cancellationToken),
        };
    }

    private DuckDbConnection Open(TaskContext context) => DuckDbConnection.Open(new DuckDbOptions
    {
        MemoryLimit = options.DuckDbMemoryLimit,
        Threads = options.Threads,
        TempDirectory = context.WorkFolder,
    });

    private static string ScanOf(IEnumerable<string> files) => $"read_parquet([{string.Join(", ", files.Select(LakeStore.Quote))}])";

    private static void Copy(DuckDbConnection duckdb, string query, string file, CancellationToken cancellationToken) =>
        duckdb.Execute($"copy ({query}) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);

    private static long Purchases(DuckDbConnection duckdb, ChurnWindows windows, CancellationToken cancellationToken) =>
        duckdb.Scalar<long>(
            $"select count(*) from ({PairSql.Bought(windows.TestCutoff.AddDays(windows.GapDays), windows.TestOutcomeEnd)})", null, cancellationToken);
}
