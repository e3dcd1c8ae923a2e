using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Pairs every visitor with the items of recent interest, and says which of them were bought afterwards.</summary>
[TaskType("Ecom.BuildPurchaseSet", DisplayName = "Build purchase set", Category = "Training", Description =
    "Computes interaction score, funnel depth, engagement score and more of each pair of visitor and item as of every cutoff, from events before it only; labels the pairs with the purchases after it; and makes the pairs of the newest day, to be scored.")]
public sealed class BuildPurchaseSetTask(SourceCatalog sources, LakeStore lake, PipelineOptions options) : ITask<BuildPurchaseSetInputs, BuildPurchaseSetOutputs>
{
    public async Task<TaskResult<BuildPurchaseSetOutputs>> RunAsync(BuildPurchaseSetInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        LakeTableName setTable = PurchaseTables.TrainingSet(mapping.Source, inputs.Variant);
        LakeTableName pairTable = PurchaseTables.Pairs(mapping.Source, inputs.Variant);
        string pairFile = lake.NewFile(context, pairTable);

        Made made = await Task.Run(
            () => Write(mapping, inputs.Variant, events, name => lake.NewFile(context, setTable, name), pairFile, context, cancellationToken), cancellationToken);
        var set = new List<LakeFile>();
        foreach (string file in made.SetFiles)
            set.Add(await lake.DescribeAsync(file, cancellationToken));
        LakeFile pairs = await lake.DescribeAsync(pairFile, cancellationToken);
        LakeSnapshot? published = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                published = await lake.PublishAsync(scope, context, setTable, set, made.SetColumns, token);
                await lake.PublishAsync(scope, context, pairTable, pairs.Rows == 0 ? [] : [pairs], made.PairColumns, token);
            },
            cancellationToken);

        (ChurnWindows windows, PairCounts counts) = (made.Windows, made.Counts);
        double coverage = counts.TestPurchases == 0 ? 0 : (double)counts.TestBought / counts.TestPurchases;
        context.Logger.LogInformation(
            "Purchase set ({Variant}): {TrainRows} pairs at {Cutoffs} training cutoff(s) up to {TrainCutoff:yyyy-MM-dd} ({TrainBought} bought), {TestRows} at {TestCutoff:yyyy-MM-dd} ({TestBought} bought of {TestPurchases} pairs bought after it); {Latest} pairs to score as of {ScoreAsOf:yyyy-MM-dd}",
            inputs.Variant, counts.TrainRows, made.Windows.TrainCutoffs.Count, windows.TrainCutoff, counts.TrainBought, counts.TestRows, windows.TestCutoff, counts.TestBought, counts.TestPurchases, pairs.Rows, windows.ScoreAsOf);
        return new BuildPurchaseSetOutputs(
            published!.SnapshotId, inputs.Variant.ToString().ToLowerInvariant(), windows.TrainCutoff, windows.TestCutoff, windows.ScoreAsOf, windows.OutcomeDays, made.Windows.TrainCutoffs.Count,
            counts.TrainRows, counts.TrainBought, counts.TestRows, counts.TestBought, counts.TestPurchases, coverage, pairs.Rows, PairFeatures.Of(inputs.Variant).Count);
    }

    private Made Write(
        SourceMapping mapping, PurchaseVariant variant, LakeSnapshot events, Func<string, string> setFile, string pairFile, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
        });
        string scan = lake.Scan(events);
        (DateTimeOffset first, DateTimeOffset last) = SourceWindows.Span(duckdb, mapping.Source, scan, cancellationToken);
        ChurnWindows windows = PurchaseWindows.For(mapping, first, last);
        int days = mapping.Purchase.CandidateDays;
        bool classic = variant == PurchaseVariant.Classic;
        var firstDay = new DateTimeOffset(first.UtcDateTime.Date, TimeSpan.Zero);
        // The classic label looks at the whole history, so its outcome begins with the first day.
        windows = classic ? windows with { TrainCutoff = firstDay, TestCutoff = firstDay, EarlierTrainCutoffs = [] } : windows;
        PairSql.LoadSteps(duckdb, scan, classic ? null : windows.TrainCutoffs[0].AddDays(-days), cancellationToken);

        // One file per moment: they are made one after the other, in the memory of one.
        IReadOnlyList<(string Name, string Query)> parts = classic
            ? [("part-0", PairSql.ClassicTrainingSet(windows))]
            : [.. windows.TrainCutoffs.Select(cutoff => ("train", cutoff)).Append(("test", windows.TestCutoff))
                .Select(moment => ($"{moment.Item1}-{moment.Item2:yyyyMMdd}", PairSql.Labelled(moment.Item1, moment.Item2, windows, days)))];
        var files = new List<string>();
        foreach ((string name, string query) in parts)
        {
            context.ReportProgress((1.0 + files.Count) / (parts.Count + 2), $"pairs of visitors and items, {name}");
            files.Add(setFile($"{name}.parquet"));
            Copy(duckdb, query, files[^1], cancellationToken);
        }

        string set = $"read_parquet([{string.Join(", ", files.Select(LakeStore.Quote))}])";
        PairCounts counts = PairCounts.Read(duckdb, set, cancellationToken);
        // In the classic variant every bought pair is a candidate.
        counts = counts with { TestPurchases = classic ? counts.TestBought : Purchases(duckdb, windows, cancellationToken) };
        counts.Require(mapping, windows);

        context.ReportProgress(0.9, "pairs to score");
        Copy(duckdb, classic ? PairSql.ClassicLatest(set) : PairSql.Latest(windows, days), pairFile, cancellationToken);
        return new Made(
            windows, counts, files, LakeStore.Columns(duckdb, files[0], cancellationToken), LakeStore.Columns(duckdb, pairFile, cancellationToken));
    }

    private static void Copy(DuckDbConnection duckdb, string query, string file, CancellationToken cancellationToken) =>
        duckdb.Execute($"copy ({query}) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);

    private static long Purchases(DuckDbConnection duckdb, ChurnWindows windows, CancellationToken cancellationToken) =>
        duckdb.Scalar<long>(
            $"select count(*) from ({PairSql.Bought(windows.TestCutoff.AddDays(windows.GapDays), windows.TestOutcomeEnd)})", null, cancellationToken);

    private sealed record Made(
        ChurnWindows Windows, PairCounts Counts, IReadOnlyList<string> SetFiles, IReadOnlyList<LakeColumn> SetColumns, IReadOnlyList<LakeColumn> PairColumns);
}
