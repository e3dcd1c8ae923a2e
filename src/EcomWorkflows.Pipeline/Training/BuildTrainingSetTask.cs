using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Joins what was known of each customer at two cutoffs with what happened after them.</summary>
[TaskType("Ecom.BuildTrainingSet", DisplayName = "Build training set", Category = "Training", Description =
    "Labels every customer who was active before the training or the test cutoff with churn in the outcome window after it, and joins the features known at the cutoff.")]
public sealed class BuildTrainingSetTask(SourceCatalog sources, LakeStore lake, HistoricalFeatures features, PipelineOptions options) : ITask<BuildTrainingSetInputs, BuildTrainingSetOutputs>
{
    public async Task<TaskResult<BuildTrainingSetOutputs>> RunAsync(BuildTrainingSetInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        TaskFeatures known = await features.OpenAsync(HistoricalQuery.OfService(FeatureView.ChurnServiceOf(mapping.Source)), context, cancellationToken);
        ChurnFeatures.Require(known);
        LakeTableName table = TableOf(mapping.Source);

        (ChurnWindows windows, IReadOnlyList<CutoffFile> files, IReadOnlyList<LakeColumn> columns) = await Task.Run(
            () => Write(mapping, events, known, table, context, cancellationToken), cancellationToken);
        // The last cutoff is the test cutoff.
        var counts = new Counts(files.SkipLast(1).Sum(file => file.Rows), files.SkipLast(1).Sum(file => file.Churned), files[^1].Rows, files[^1].Churned);
        Require(mapping, windows, counts);

        LakeFile[] described = await Task.WhenAll(files.Select(file => lake.DescribeAsync(file.Path, cancellationToken, rows: file.Rows)));
        LakeSnapshot? published = null;
        await context.PublishAsync(
            async (scope, token) => published = await lake.PublishAsync(scope, context, table, described, columns, token), cancellationToken);
        context.Logger.LogInformation(
            "Training set: {TrainRows} customers at {TrainCutoff:yyyy-MM-dd} ({TrainChurned} churned), {TestRows} at {TestCutoff:yyyy-MM-dd} ({TestChurned} churned)",
            counts.TrainRows, windows.TrainCutoff, counts.TrainChurned, counts.TestRows, windows.TestCutoff, counts.TestChurned);
        return new BuildTrainingSetOutputs(
            published!.SnapshotId, windows.TrainCutoff, windows.TestCutoff, windows.OutcomeDays,
            counts.TrainRows, counts.TrainChurned, counts.TestRows, counts.TestChurned, columns.Count - TrainingSetSql.KeyColumns.Count);
    }

    /// <summary>The lake table of a source's training set.</summary>
    public static LakeTableName TableOf(string source) => new("gold", source, "churn_training_set");

    /// <returns>A file for each cutoff, in their order.</returns>
    private (ChurnWindows Windows, IReadOnlyList<CutoffFile> Files, IReadOnlyList<LakeColumn> Columns) Write(
        SourceMapping mapping, LakeSnapshot events, TaskFeatures known, LakeTableName table, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
        });
        ChurnWindows windows = SourceWindows.Read(duckdb, mapping, lake.Scan(events), cancellationToken);
        DateTimeOffset[] cutoffs = [.. windows.TrainCutoffs, windows.TestCutoff];
        string[] paths = [.. cutoffs.Select(cutoff => lake.NewFile(context, table, $"cutoff-{cutoff:yyyyMMdd}.parquet"))];
        string? exact = windows.ObservationDays is null ? known.AtExactly(duckdb, cutoffs, cancellationToken) : null;
        // Rows that were computed for the cutoffs lie in the training set's order, unless there are too many for memory.
        CutoffFile[]? files = exact is null ? null : TryWriteOrdered(duckdb, windows, cutoffs, paths, lake.Scan(events), exact, known.Names, cancellationToken);
        if (files is null)
        {
            string rows = ChurnFeatures.At(cutoffs, known, duckdb, lake.Scan(events), context, cancellationToken);
            duckdb.Execute($"set threads = {options.Threads}; create temp table known as from {rows}", null, cancellationToken);
            files = [.. cutoffs.Zip(paths, (cutoff, path) => Write(duckdb, TrainingSetSql.Select(windows, cutoff, lake.Scan(events), "known", known.Names), path, cancellationToken))];
        }
        return (windows, files, LakeStore.Columns(duckdb, paths[0], cancellationToken));
    }

    private static CutoffFile Write(DuckDbConnection duckdb, string query, string path, CancellationToken cancellationToken)
    {
        long rows = duckdb.Execute($"copy ({query}) to {LakeStore.Quote(path)} {ParquetFormat.Options}", null, cancellationToken);
        return new CutoffFile(path, rows, duckdb.Scalar<long>($"select count(*) from read_parquet({LakeStore.Quote(path)}) where churned = 1", ct: cancellationToken));
    }

    /// <returns>Null where the rows were not in order; then the files are none to be used.</returns>
    private CutoffFile[]? TryWriteOrdered(
        DuckDbConnection duckdb, ChurnWindows windows, DateTimeOffset[] cutoffs, string[] paths, string events, string known, IReadOnlyList<string> features,
        CancellationToken cancellationToken)
    {
        const string Layout = "training_set_layout";
        // Each cutoff has threads of its own; DuckDB's would keep a core busy waiting for them.
        duckdb.Execute($"set threads = 1; create table {Layout} as {TrainingSetSql.Unlabelled(windows, windows.TestCutoff, known, features)} limit 0", null, cancellationToken);
        var files = new CutoffFile?[cutoffs.Length];
        Parallel.For(0, cutoffs.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellationToken }, i =>
        {
            using DuckDbConnection own = duckdb.Duplicate();
            var set = new OrderedTrainingSet(own, Layout, windows, cutoffs[i], events, known, features, cancellationToken);
            if (set.TryWrite(paths[i]) is { } made)
                files[i] = new CutoffFile(paths[i], made.Rows, made.Churned);
        });
        CutoffFile[] written = [.. files.OfType<CutoffFile>()];
        return written.Length == files.Length ? written : null;
    }

    private static void Require(SourceMapping mapping, ChurnWindows windows, Counts counts)
    {
        foreach ((string split, long rows, long churned, DateTimeOffset cutoff) in ((string, long, long, DateTimeOffset)[])
            [("training", counts.TrainRows, counts.TrainChurned, windows.TrainCutoff), ("test", counts.TestRows, counts.TestChurned, windows.TestCutoff)])
        {
            if (churned == 0 || churned == rows)
            {
                throw new TaskFailedException(
                    $"Of {rows} customers active before the {split} cutoff {cutoff:yyyy-MM-dd}, {churned} churned in the {windows.OutcomeDays} days after it: there is nothing "
                    + $"to tell apart. Bring more data, or change churn.outcomeDays or the activity events in {mapping.File}.",
                    FailureCause.BadData, retryable: false);
            }
        }
    }

    /// <summary>The rows of a cutoff in a file of their own.</summary>
    private sealed record CutoffFile(string Path, long Rows, long Churned);

    private sealed record Counts(long TrainRows, long TrainChurned, long TestRows, long TestChurned);
}
