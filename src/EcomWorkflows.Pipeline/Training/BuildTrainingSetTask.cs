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

        (ChurnWindows windows, IReadOnlyList<string> files, Counts counts, IReadOnlyList<LakeColumn> columns) = await Task.Run(
            () => Write(mapping, events, known, table, context, cancellationToken), cancellationToken);
        Require(mapping, windows, counts);

        LakeFile[] described = await Task.WhenAll(files.Select(file => lake.DescribeAsync(file, cancellationToken)));
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

    /// <returns>A file for each cutoff, in their order, and what is in them.</returns>
    private (ChurnWindows Windows, IReadOnlyList<string> Files, Counts Counts, IReadOnlyList<LakeColumn> Columns) Write(
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
        string[] files = [.. cutoffs.Select(cutoff => lake.NewFile(context, table, $"cutoff-{cutoff:yyyyMMdd}.parquet"))];
        string? exact = windows.ObservationDays is null ? known.AtExactly(duckdb, cutoffs, cancellationToken) : null;
        // Rows that were computed for the cutoffs lie in the training set's order, unless there are too many for memory.
        if (exact is null || !TryWriteOrdered(duckdb, windows, cutoffs, files, lake.Scan(events), exact, known.Names, cancellationToken))
        {
            string rows = ChurnFeatures.At(cutoffs, known, duckdb, lake.Scan(events), context, cancellationToken);
            duckdb.Execute($"set threads = {options.Threads}; create temp table known as from {rows}", null, cancellationToken);
            foreach ((DateTimeOffset cutoff, string file) in cutoffs.Zip(files))
            {
                string query = TrainingSetSql.Select(windows, cutoff, lake.Scan(events), "known", known.Names);
                duckdb.Execute($"copy ({query}) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);
            }
        }
        return (windows, files, Count(duckdb, files, cancellationToken), LakeStore.Columns(duckdb, files[0], cancellationToken));
    }

    /// <returns>Whether the rows were in order; if not, the files are none to be used.</returns>
    private bool TryWriteOrdered(
        DuckDbConnection duckdb, ChurnWindows windows, DateTimeOffset[] cutoffs, string[] files, string events, string known, IReadOnlyList<string> features,
        CancellationToken cancellationToken)
    {
        const string Layout = "training_set_layout";
        // Each cutoff has threads of its own; DuckDB's would keep a core busy waiting for them.
        duckdb.Execute($"set threads = 1; create table {Layout} as {TrainingSetSql.Unlabelled(windows, windows.TestCutoff, known, features)} limit 0", null, cancellationToken);
        int unordered = 0;
        Parallel.For(0, cutoffs.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellationToken }, i =>
        {
            using DuckDbConnection own = duckdb.Duplicate();
            if (!new OrderedTrainingSet(own, Layout, windows, cutoffs[i], events, known, features, cancellationToken).TryWrite(files[i]))
                Interlocked.Increment(ref unordered);
        });
        return unordered == 0;
    }

    private static Counts Count(DuckDbConnection duckdb, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        using DuckDbReader reader = duckdb.Query(
            $"""
            select
              count(*) filter (split = 'train'),
              count(*) filter (split = 'train' and churned = 1),
              count(*) filter (split = 'test'),
              count(*) filter (split = 'test' and churned = 1)
            from read_parquet([{string.Join(", ", files.Select(LakeStore.Quote))}])
            """,
            null, cancellationToken);
        reader.Read();
        return new Counts(reader.Get<long>(0), reader.Get<long>(1), reader.Get<long>(2), reader.Get<long>(3));
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

    private sealed record Counts(long TrainRows, long TrainChurned, long TestRows, long TestChurned);
}
