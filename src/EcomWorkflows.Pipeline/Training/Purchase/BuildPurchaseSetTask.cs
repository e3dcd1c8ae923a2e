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
        (string setFile, string pairFile) = (lake.NewFile(context, setTable), lake.NewFile(context, pairTable));

        Made made = await Task.Run(() => Write(mapping, inputs.Variant, events, setFile, pairFile, context, cancellationToken), cancellationToken);
        LakeFile set = await lake.DescribeAsync(setFile, cancellationToken, rows: made.Counts.TrainRows + made.Counts.TestRows);
        LakeFile pairs = await lake.DescribeAsync(pairFile, cancellationToken);
        LakeSnapshot? published = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                published = await lake.PublishAsync(scope, context, setTable, [set], made.SetColumns, token);
                await lake.PublishAsync(scope, context, pairTable, pairs.Rows == 0 ? [] : [pairs], made.PairColumns, token);
            },
            cancellationToken);

        (ChurnWindows windows, PairCounts counts) = (made.Windows, made.Counts);
        double coverage = counts.TestPurchases == 0 ? 0 : (double)counts.TestBought / counts.TestPurchases;
        context.Logger.LogInformation(
            "Purchase set ({Variant}): {TrainRows} pairs at {Cutoffs} training cutoffs up to {TrainCutoff:yyyy-MM-dd} ({TrainBought} bought), {TestRows} at {TestCutoff:yyyy-MM-dd} ({TestBought} bought of {TestPurchases} pairs bought after it); {Latest} pairs to score as of {ScoreAsOf:yyyy-MM-dd}",
            inputs.Variant, counts.TrainRows, made.TrainCutoffs, windows.TrainCutoff, counts.TrainBought, counts.TestRows, windows.TestCutoff, counts.TestBought, counts.TestPurchases, pairs.Rows, windows.ScoreAsOf);
        return new BuildPurchaseSetOutputs(
            published!.SnapshotId, inputs.Variant.ToString().ToLowerInvariant(), windows.TrainCutoff, windows.TestCutoff, windows.ScoreAsOf, windows.OutcomeDays, made.TrainCutoffs,
            counts.TrainRows, counts.TrainBought, counts.TestRows, counts.TestBought, counts.TestPurchases, coverage, pairs.Rows, PairFeatures.Of(inputs.Variant).Count);
    }

    private Made Write(
        SourceMapping mapping, PurchaseVariant variant, LakeSnapshot events, string setFile, string pairFile, TaskContext context, CancellationToken cancellationToken)
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
        PairSql.LoadSteps(duckdb, scan, cancellationToken);
        context.ReportProgress(0.2, "pairing visitors and items");

        bool classic = variant == PurchaseVariant.Classic;
        int days = mapping.Purchase.CandidateDays;
        Copy(duckdb, classic ? PairSql.ClassicTrainingSet(windows, first) : PairSql.TrainingSet(windows, days), setFile, cancellationToken);
        PairCounts counts = PairCounts.Read(duckdb, setFile, classic ? 0 : Purchases(duckdb, windows, cancellationToken), cancellationToken);
        // In the classic variant every bought pair is a candidate.
        counts = classic ? counts with { TestPurchases = counts.TestBought } : counts;
        counts.Require(mapping, windows);

        context.ReportProgress(0.8, "pairs to score");
        Copy(duckdb, classic ? PairSql.ClassicLatest($"read_parquet({LakeStore.Quote(setFile)})") : PairSql.Latest(windows, days), pairFile, cancellationToken);
        return new Made(
            windows, classic ? 1 : windows.TrainCutoffs.Count, counts, LakeStore.Columns(duckdb, setFile, cancellationToken), LakeStore.Columns(duckdb, pairFile, cancellationToken));
    }

    private static void Copy(DuckDbConnection duckdb, string query, string file, CancellationToken cancellationToken) =>
        duckdb.Execute($"copy ({query}) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);

    private static long Purchases(DuckDbConnection duckdb, ChurnWindows windows, CancellationToken cancellationToken) =>
        duckdb.Scalar<long>(
            $"select count(*) from ({PairSql.Bought(windows.TestCutoff.AddDays(windows.GapDays), windows.TestOutcomeEnd)})", null, cancellationToken);

    private sealed record Made(
        ChurnWindows Windows, int TrainCutoffs, PairCounts Counts, IReadOnlyList<LakeColumn> SetColumns, IReadOnlyList<LakeColumn> PairColumns);
}
