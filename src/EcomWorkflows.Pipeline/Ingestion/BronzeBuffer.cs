using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>
/// Rows and rejects of one raw file on their way to Parquet. Rows are written while further ones are read, by a statement on a thread of its own; of a file of any
/// size only a few thousand are in memory.
/// </summary>
internal sealed class BronzeBuffer : IDisposable
{
    // Tables and functions of one database have names of their own; a function cannot be dropped.
    private static int made;

    private readonly DuckDbConnection duck;
    private readonly DuckDbConnection refusals;
    private readonly int number = Interlocked.Increment(ref made);
    private readonly IReadOnlyList<ColumnParser> parsers;
    private readonly ValueFormat values;
    private readonly BronzeTarget target;
    private readonly DuckDbRowStream rows;
    private readonly DuckDbAppender rejects;
    private Task? writing;

    /// <param name="database">As <see cref="OpenDatabase"/> gives it; one thread at a time may make buffers in it.</param>
    /// <param name="cancellationToken">Ends the writing; <see cref="Complete"/> then throws.</param>
    public BronzeBuffer(DuckDbConnection database, IReadOnlyList<ColumnParser> parsers, ValueFormat values, BronzeTarget target, CancellationToken cancellationToken)
    {
        this.parsers = parsers;
        this.values = values;
        this.target = target;
        duck = database.Duplicate();
        var columns = string.Concat(parsers.Select(parser => $"{DuckDbSql.Identifier(parser.Name)} {parser.Type}, "));
        duck.Execute(
            $"""
            create table bronze_{number} ({columns} _line bigint);
            create table rejects_{number} (line bigint, column_name varchar, rule varchar, message varchar, raw varchar)
            """,
            ct: cancellationToken);
        refusals = duck.Duplicate();
        rejects = refusals.CreateAppender($"rejects_{number}");
        rows = duck.CreateRowStream($"bronze_rows_{number}", $"bronze_{number}", () =>
            writing = Task.Factory.StartNew(() => WriteRows(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <summary>Opens a database for the buffers of any number of files, one after the other: opening takes longer than reading a small file.</summary>
    public static DuckDbConnection OpenDatabase(DuckDbOptions options) =>
        // Rows in the order of their lines compress better and are what a person expects to see.
        DuckDbConnection.Open(options with { PreserveInsertionOrder = true });

    public long Kept => rows.Rows;

    /// <summary>Records that became no row, however many reasons each has.</summary>
    public long Rejected { get; private set; }

    /// <summary>Most records that can be added at once; at least 1.</summary>
    public int Room => rows.Room;

    /// <summary>Reasons of the rejected records.</summary>
    public long Rejects => rejects.Rows;

    /// <summary>Adds the record as a row, or as one reject per column that does not parse.</summary>
    public void Add(IRecord record)
    {
        var failed = false;
        for (var column = 0; column < parsers.Count; column++)
        {
            if (!record.TryField(column, out var text) || values.IsNull(text))
            {
                rows.AppendNull();
                continue;
            }
            if (parsers[column].TryAppend(text, rows))
                continue;
            rows.AppendNull();
            AppendReject(record, parsers[column].Name, RejectRule.Type, $"'{RecordText.Of(text, 200)}' is not {parsers[column].Expected}");
            failed = true;
        }
        if (failed)
        {
            rows.DiscardRow();
            Rejected++;
        }
        else
        {
            rows.Append(record.Line).EndRow();
        }
    }

    /// <summary>Adds records as rows, up to the first with a value that does not parse, and returns how many.</summary>
    /// <param name="batch">At most <see cref="Room"/> records, their text valid UTF-8.</param>
    /// <param name="fieldOfColumn">Which field is which column; negative where the records have none for it.</param>
    public int Add(RecordBatch batch, ReadOnlySpan<int> fieldOfColumn)
    {
        var good = batch.Rows;
        for (var column = 0; column < parsers.Count; column++)
        {
            if (fieldOfColumn[column] >= 0)
                good = parsers[column].AppendAll(batch, fieldOfColumn[column], good, values, rows, column);
            else
                AppendNulls(column, good);
        }
        var lines = rows.Column(parsers.Count).BigInts();
        for (var row = 0; row < good; row++)
            lines[row] = batch.Line(row);
        rows.EndRows(good);
        if (good < batch.Rows)
            rows.DiscardRows();
        return good;
    }

    /// <summary>Records that a record is no row at all.</summary>
    public void Reject(IRecord record, string? column, string rule, string message)
    {
        AppendReject(record, column, rule, message);
        Rejected++;
    }

    /// <summary>Ends both files after the last record.</summary>
    public void Complete(CancellationToken cancellationToken)
    {
        rows.Complete();
        writing!.GetAwaiter().GetResult();
        rejects.Flush();
        refusals.Execute(
            $"""
            copy (
              select {DuckDbSql.Literal(target.File)} as file, line, column_name, rule, message, raw
              from rejects_{number}
            ) to {DuckDbSql.Literal(target.RejectsPath)} {ParquetFormat.Options};

            drop table rejects_{number};
            drop table bronze_{number}
            """,
            ct: cancellationToken);
    }

    public void Dispose()
    {
        rows.Break();
        // What it threw was thrown by Complete or by the writer; or the writer failed first, and it had to fail.
        writing?.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        rows.Dispose();
        rejects.Dispose();
        refusals.Dispose();
        duck.Dispose();
    }

    private void WriteRows(CancellationToken cancellationToken)
    {
        var columns = string.Concat(parsers.Select(parser => $"{DuckDbSql.Identifier(parser.Name)}, "));
        // As an enumeration of one: texts are looked up in the file's dictionary row by row. The file holds a text all the same.
        var file = DuckDbSql.Literal(target.File);
        try
        {
            duck.Execute(
                $"""
                copy (
                  select {columns} {file}::enum({file}) as _file, _line, {target.Run}::bigint as _run
                  from bronze_rows_{number}()
                ) to {DuckDbSql.Literal(target.BronzePath)} {ParquetFormat.Options}
                """,
                ct: cancellationToken);
        }
        catch (Exception failure)
        {
            rows.Abandon(failure);
            throw;
        }
    }

    private void AppendNulls(int column, int count)
    {
        var slots = rows.Column(column);
        for (var row = 0; row < count; row++)
            slots.Null(row);
    }

    private void AppendReject(IRecord record, string? column, string rule, string message)
    {
        rejects.Append(record.Line).Append(column).Append(rule).Append(message).Append(RecordText.Of(record.Raw));
        rejects.EndRow();
    }
}
