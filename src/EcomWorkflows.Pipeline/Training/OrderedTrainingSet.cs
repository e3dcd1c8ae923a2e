using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Activity;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>
/// Writes the rows of one cutoff of a churn training set, where the features known at it lie in the order of the customers already. They are labelled as they pass, in half the time
/// that joining and sorting them takes, to the same file.
/// </summary>
/// <param name="duckdb">Nothing else is to run on this connection meanwhile.</param>
/// <param name="layout">A table with the training set's columns.</param>
/// <param name="events">Table expression of <c>silver.events</c>.</param>
/// <param name="known">As <see cref="TrainingSetSql.Select"/> takes it.</param>
internal sealed class OrderedTrainingSet(
    DuckDbConnection duckdb, string layout, ChurnWindows windows, DateTimeOffset cutoff, string events, string known, IReadOnlyList<string> features, CancellationToken cancellationToken)
{
    private const int Customer = 0;
    private const int Churned = 4;

    private byte[] lastCustomer = [];
    private bool isOrdered = true;
    private long churned;

    /// <returns>How many rows there are and how many of them churned; null where they were not in order: then the file is none to be used.</returns>
    internal (long Rows, long Churned)? TryWrite(string file)
    {
        using DuckDbConnection source = duckdb.Duplicate();
        var active = new ActiveCustomers(Active(source));
        string name = $"ordered_{cutoff.UtcTicks}";
        long rows = duckdb.ExecuteOver(
            name, layout, expected: 1_000_000, labelled => Label(source, active, labelled),
            $"copy (from {name}()) to {LakeStore.Quote(file)} {ParquetFormat.Options}", null, cancellationToken);
        return isOrdered ? (rows, churned) : null;
    }

    /// <summary>The customers with activity in the outcome window.</summary>
    private SequentialTexts Active(DuckDbConnection source)
    {
        using var found = new TextCodes();
        using DuckDbReader activity = source.Query(TrainingSetSql.Activity(windows, cutoff, events), null, cancellationToken);
        int[] codes = [];
        while (activity.NextChunk())
        {
            if (codes.Length < activity.ChunkRows)
                codes = new int[activity.ChunkRows];
            found.CodesOf(activity.Texts(0), codes.AsSpan(0, activity.ChunkRows));
        }
        return found.InOrder().Texts;
    }

    private void Label(DuckDbConnection source, ActiveCustomers active, DuckDbRowWriter labelled)
    {
        using DuckDbReader rows = source.Query(TrainingSetSql.Unlabelled(windows, cutoff, known, features), null, cancellationToken);
        while (rows.NextChunk())
        {
            isOrdered &= Continues(rows.Texts(Customer), rows.ChunkRows);
            // Chunks as full as those of a sorted query, so that the same rows are the same file.
            for (int row = 0; row < rows.ChunkRows;)
            {
                int count = Math.Min(labelled.Room, rows.ChunkRows - row);
                Label(rows, row, count, active, labelled);
                row += count;
            }
        }
    }

    private void Label(DuckDbReader rows, int first, int count, ActiveCustomers active, DuckDbRowWriter labelled)
    {
        for (int column = 0; column < rows.FieldCount; column++)
        {
            if (column != Churned)
                labelled.CopyFrom(rows, column, first, count, column);
        }
        TextColumn customers = rows.Texts(Customer);
        for (int row = 0; row < count; row++)
        {
            int label = active.Contains(customers[first + row]) ? 0 : 1;
            labelled.Seek(Churned, row).Append(label);
            churned += label;
        }

        labelled.EndRows(count);
    }

    /// <summary>Whether the chunk goes on in the order of the training set.</summary>
    private bool Continues(TextColumn customers, int rows)
    {
        bool ordered = true;
        ReadOnlySpan<byte> before = lastCustomer;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> customer = customers[row];
            ordered &= before.SequenceCompareTo(customer) <= 0;
            before = customer;
        }
        lastCustomer = before.ToArray();
        return ordered;
    }

    /// <summary>Who was active in the outcome window; to be asked in the order of the ids.</summary>
    private sealed class ActiveCustomers(SequentialTexts sorted)
    {
        private int next;

        internal bool Contains(ReadOnlySpan<byte> customer)
        {
            while (next < sorted.Count && sorted[next].SequenceCompareTo(customer) < 0)
                next++;
            return next < sorted.Count && sorted[next].SequenceEqual(customer);
        }
    }
}
