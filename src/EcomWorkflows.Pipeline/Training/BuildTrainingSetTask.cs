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
        string file = lake.NewFile(context, table);

        (ChurnWindows windows, Counts counts, IReadOnlyList<LakeColumn> columns) = await Task.Run(
            () => Write(mapping, events, known, file, context, cancellationToken), cancellationToken);
        Require(mapping, windows, counts);

        LakeFile described = await lake.DescribeAsync(file, cancellationToken);
        LakeSnapshot? published = null;
        await context.PublishAsync(
            async (scope, token) => published = await lake.PublishAsync(scope, context, table, [described], columns, token), cancellationToken);
        context.Logger.LogInformation(
            "Training set: {TrainRows} customers at {TrainCutoff:yyyy-MM-dd} ({TrainChurned} churned), {TestRows} at {TestCutoff:yyyy-MM-dd} ({TestChurned} churned)",
            counts.TrainRows, windows.TrainCutoff, counts.TrainChurned, counts.TestRows, windows.TestCutoff, counts.TestChurned);
        return new BuildTrainingSetOutputs(
            published!.SnapshotId, windows.TrainCutoff, windows.TestCutoff, windows.OutcomeDays,
            counts.TrainRows, counts.TrainChurned, counts.TestRows, counts.TestChurned, columns.Count - TrainingSetSql.KeyColumns.Count);
    }

    /// <summary>The lake table of a source's training set.</summary>
    public static LakeTableName TableOf(string source) => new("gold", source, "churn_training_set");

    private (ChurnWindows Windows, Counts Counts, IReadOnlyList<LakeColumn> Columns) Write(
        SourceMapping mapping, LakeSnapshot events, TaskFeatures known, string file, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
        });
        ChurnWindows windows = SourceWindows.Read(duckdb, mapping, lake.Scan(events), cancellationToken);
        DateTimeOffset[] cutoffs = [.. windows.TrainCutoffs, windows.TestCutoff];
        string? exact = windows.ObservationDays is null ? known.AtExactly(duckdb, cutoffs, cancellationToken) : null;
        // Rows that were computed for the cutoffs lie in the training set's order, unless there are too many for memory.
        if (exact is null || !new OrderedTrainingSet(duckdb, windows, lake.Scan(events), exact, known.Names, cancellationToken).TryWrite(file))
        {
            string rows = ChurnFeatures.At(cutoffs, known, duckdb, lake.Scan(events), context, cancellationToken);
            string query = TrainingSetSql.Select(windows, lake.Scan(events), rows, known.Names);
            duckdb.Execute($"set threads = {options.Threads}; copy ({query}) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);
        }
        return (windows, Count(duckdb, file, cancellationToken), LakeStore.Columns(duckdb, file, cancellationToken));
    }

    private static Counts Count(DuckDbConnection duckdb, string file, CancellationToken cancellationToken)
    {
        using DuckDbReader reader = duckdb.Query(
            $"""
            select
              count(*) filter (split = 'train'),
              count(*) filter (split = 'train' and churned = 1),
              count(*) filter (split = 'test'),
              count(*) filter (split = 'test' and churned = 1)
            from read_parquet({LakeStore.Quote(file)})
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
