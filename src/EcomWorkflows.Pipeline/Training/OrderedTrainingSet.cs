using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Activity;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>
/// Writes a churn training set of feature rows that lie in its order already: by cutoff, then by customer. They are labelled as they pass, in half the time that joining and
/// sorting them takes, to the same file.
/// </summary>
/// <param name="events">Table expression of <c>silver.events</c>.</param>
/// <param name="known">As <see cref="TrainingSetSql.Unlabelled"/> takes it.</param>
internal sealed class OrderedTrainingSet(
    DuckDbConnection duckdb, ChurnWindows windows, string events, string known, IReadOnlyList<string> features, CancellationToken cancellationToken)
{
    private const string Layout = "ordered_training_set_layout";
    private const int Customer = 0;
    private const int Cutoff = 2;
    private const int Churned = 4;

    private readonly OutcomeWindow[] outcomes =
    [
        .. windows.TrainCutoffs.Append(windows.TestCutoff).Select(cutoff => new OutcomeWindow(
            Microseconds(cutoff), Microseconds(cutoff.AddDays(windows.GapDays)), Microseconds(cutoff.AddDays(windows.GapDays + windows.OutcomeDays)))),
    ];

    private byte[] lastCustomer = [];
    private long lastCutoff = long.MinValue;
    private bool isOrdered = true;

    /// <returns>Whether the rows were in order; if not, the file is none to be used.</returns>
    internal bool TryWrite(string file)
    {
        string rows = TrainingSetSql.Unlabelled(windows, known, features);
        // Reading and writing have a thread each; DuckDB's own would keep a core busy waiting for them.
        duckdb.Execute($"set threads = 1; create temp table {Layout} as {rows} limit 0", null, cancellationToken);
        using DuckDbConnection source = duckdb.Duplicate();
        using (DuckDbReader activity = source.Query(TrainingSetSql.Activity(windows, events), null, cancellationToken))
        {
            while (activity.NextChunk())
                AddActive(activity);
        }
        foreach (OutcomeWindow outcome in outcomes)
            outcome.Sort();
        duckdb.ExecuteOver(
            "ordered_training_set", Layout, expected: 1_000_000, labelled => Label(source, rows, labelled),
            $"copy (from ordered_training_set()) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);
        return isOrdered;
    }

    private void AddActive(DuckDbReader activity)
    {
        TextColumn customers = activity.Texts(0);
        ReadOnlySpan<long> times = activity.Column<long>(1);
        for (int row = 0; row < activity.ChunkRows; row++)
        {
            foreach (OutcomeWindow outcome in outcomes)
            {
                if (times[row] >= outcome.Start && times[row] < outcome.End)
                    outcome.Add(customers[row]);
            }
        }
    }

    private void Label(DuckDbConnection source, string sql, DuckDbRowWriter labelled)
    {
        using DuckDbReader rows = source.Query(sql, null, cancellationToken);
        while (rows.NextChunk())
        {
            isOrdered &= Continues(rows);
            // Chunks as full as those of a sorted query, so that the same rows are the same file.
            for (int row = 0; row < rows.ChunkRows;)
            {
                int count = Math.Min(labelled.Room, rows.ChunkRows - row);
                Label(rows, row, count, labelled);
                row += count;
            }
        }
    }

    private void Label(DuckDbReader rows, int first, int count, DuckDbRowWriter labelled)
    {
        for (int column = 0; column < rows.FieldCount; column++)
        {
            if (column != Churned)
                labelled.CopyFrom(rows, column, first, count, column);
        }
        TextColumn customers = rows.Texts(Customer);
        ReadOnlySpan<long> cutoffs = rows.Column<long>(Cutoff);
        OutcomeWindow? outcome = null;
        for (int row = 0; row < count; row++)
        {
            long cutoff = cutoffs[first + row];
            if (outcome?.Cutoff != cutoff)
                outcome = outcomes.Single(o => o.Cutoff == cutoff);
            labelled.Seek(Churned, row).Append(outcome.IsActive(customers[first + row]) ? 0 : 1);
        }
        labelled.EndRows(count);
    }

    /// <summary>Whether the chunk goes on in the order of the training set.</summary>
    private bool Continues(DuckDbReader rows)
    {
        TextColumn customers = rows.Texts(Customer);
        ReadOnlySpan<long> cutoffs = rows.Column<long>(Cutoff);
        bool ordered = true;
        ReadOnlySpan<byte> before = lastCustomer;
        long cutoff = lastCutoff;
        for (int row = 0; row < rows.ChunkRows; row++)
        {
            ReadOnlySpan<byte> customer = customers[row];
            ordered &= cutoffs[row] > cutoff || (cutoffs[row] == cutoff && before.SequenceCompareTo(customer) <= 0);
            before = customer;
            cutoff = cutoffs[row];
        }
        lastCustomer = before.ToArray();
        lastCutoff = cutoff;
        return ordered;
    }

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>What comes after a cutoff, and who was active in it.</summary>
    /// <param name="Start">Of the outcome window, and its <paramref name="End"/>, which is outside; microseconds since 1970 as <paramref name="Cutoff"/>.</param>
    private sealed record OutcomeWindow(long Cutoff, long Start, long End)
    {
        private readonly TextCodes active = new();
        private SequentialTexts sorted = new([], []);
        private int next;

        internal void Add(ReadOnlySpan<byte> customer) => active.CodeOf(customer);

        internal void Sort() => sorted = active.In(active.InOrder());

        /// <summary>Whether a customer was active; to be asked in the order of the ids.</summary>
        internal bool IsActive(ReadOnlySpan<byte> customer)
        {
            while (next < sorted.Count && sorted[next].SequenceCompareTo(customer) < 0)
                next++;
            return next < sorted.Count && sorted[next].SequenceEqual(customer);
        }
    }
}
