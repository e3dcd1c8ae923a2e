using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Reads a training set from Parquet into memory, four bytes per value.</summary>
internal static class TrainingSetReader
{
    /// <param name="duckdb">Must preserve insertion order: folds and row samples go by row number, so the file's order is part of the result.</param>
    /// <param name="table">Table expression.</param>
    /// <param name="columns">All columns of the table.</param>
    /// <exception cref="TaskFailedException">A part is missing.</exception>
    internal static TrainingSet Read(DuckDbConnection duckdb, string table, IReadOnlyList<LakeColumn> columns, CancellationToken cancellationToken)
    {
        TrainingSetLayout layout = TrainingSetLayout.Of(columns);
        // Times are for the sentinel: a model must not learn the calendar.
        string[] features = [.. columns.Where(column => !FeatureTimeSentinel.IsTime(column)).Select(column => column.Name).Except(layout.Keys)];
        var doubles = columns.Where(column => column.Type.Equals("DOUBLE", StringComparison.OrdinalIgnoreCase)).Select(column => column.Name).ToHashSet();
        string select = $"{layout.Label}::int, {FeatureBlockReader.SelectList(features, doubles)}";
        // Putting rows together is one thread's work, so each part has its own.
        using DuckDbConnection other = duckdb.Duplicate();
        Task<(LabelledTable Rows, DateTimeOffset Cutoff)> reading = Task.Run(() => ReadSplit(other, table, "test", select, features, cancellationToken), cancellationToken);
        try
        {
            (LabelledTable train, DateTimeOffset trainCutoff) = ReadSplit(duckdb, table, "train", select, features, cancellationToken);
            IReadOnlyList<TrainingPeriod> periods = ReadPeriods(duckdb, table, cancellationToken);
            if (periods.Count > 1 || layout.RepeatsCustomers)
                train = train with { Groups = ReadCustomers(duckdb, table, train.Rows, cancellationToken) };
            IReadOnlyList<LeakFinding> leaks = FeatureTimeSentinel.Check(duckdb, table, columns, cancellationToken);
            (LabelledTable test, DateTimeOffset testCutoff) = reading.GetAwaiter().GetResult();
            return new TrainingSet(train, test, trainCutoff, testCutoff) { Periods = periods, TimeLeaks = leaks };
        }
        finally
        {
            // Its connection is closed here, whatever went wrong.
            Task.WaitAny([reading], CancellationToken.None);
        }
    }

    private static long[] ReadCustomers(DuckDbConnection duckdb, string table, int rows, CancellationToken cancellationToken)
    {
        long[] customers = new long[rows];
        int filled = 0;
        using DuckDbReader reader = duckdb.Query($"select (hash(customer_id) >> 1)::bigint from {table} where split = 'train'", null, cancellationToken);
        while (reader.NextChunk())
        {
            reader.Column<long>(0)[..reader.ChunkRows].CopyTo(customers.AsSpan(filled));
            filled += reader.ChunkRows;
        }

        return customers;
    }

    private static IReadOnlyList<TrainingPeriod> ReadPeriods(DuckDbConnection duckdb, string table, CancellationToken cancellationToken)
    {
        var periods = new List<TrainingPeriod>();
        using DuckDbReader reader = duckdb.Query(
            $"""
            select cutoff, count(*)
            from {table}
            where split = 'train'
            group by cutoff
            order by cutoff
            """,
            null, cancellationToken);
        while (reader.Read())
            periods.Add(new TrainingPeriod(new DateTimeOffset(DateTime.SpecifyKind(reader.Get<DateTime>(0), DateTimeKind.Utc)), checked((int)reader.Get<long>(1))));
        return periods;
    }

    /// <param name="select">The label as <c>int</c>, then the features.</param>
    private static (LabelledTable Rows, DateTimeOffset Cutoff) ReadSplit(
        DuckDbConnection duckdb, string table, string split, string select, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        int rows;
        DateTimeOffset cutoff;
        using (DuckDbReader totals = duckdb.Query($"select count(*), max(cutoff) from {table} where split = $split", new { split }, cancellationToken))
        {
            totals.Read();
            rows = checked((int)totals.Get<long>(0));
            if (rows == 0)
                throw new TaskFailedException($"The training set has no {split} rows; build it again.", FailureCause.BadData, retryable: false);
            cutoff = new DateTimeOffset(DateTime.SpecifyKind(totals.Get<DateTime>(1), DateTimeKind.Utc));
        }

        float[] values = new float[(long)rows * features.Count];
        bool[] labels = new bool[rows];
        int filled = 0;
        using DuckDbReader reader = duckdb.Query($"select {select} from {table} where split = $split", new { split }, cancellationToken);
        while (reader.NextChunk())
        {
            ReadOnlySpan<int> positive = reader.Column<int>(0);
            for (int row = 0; row < reader.ChunkRows; row++)
                labels[filled + row] = positive[row] == 1;
            FeatureBlockReader.CopyChunk(reader, 1, features.Count, values.AsSpan(filled * features.Count, reader.ChunkRows * features.Count));
            filled += reader.ChunkRows;
        }

        return (new LabelledTable(new FeatureTable(features, values, rows), labels), cutoff);
    }
}
