using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Running;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Takes failing rows from several threads into a table of their own, which DuckDB spills when there are many.</summary>
internal sealed class FailingRowSink : IDisposable
{
    private const string Name = "validator_failure";

    private readonly DuckDbConnection connection;
    private readonly DuckDbAppender appender;

    /// <param name="duck">Its database gets the table; the rows go in over a second connection, as the first one reads meanwhile.</param>
    public FailingRowSink(DuckDbConnection duck)
    {
        connection = duck.Duplicate();
        connection.Execute($"create or replace table {Name} (ordinal integer not null, file varchar not null, line bigint not null, value varchar, message varchar not null)");
        appender = connection.CreateAppender(Name);
    }

    public void Add(IReadOnlyList<(int Ordinal, string File, long Line, string Value, string Message)> rows)
    {
        lock (appender)
        {
            foreach (var row in rows)
                appender.Append(row.Ordinal).Append(row.File).Append(row.Line).Append(row.Value).Append(row.Message).EndRow();
        }
    }

    /// <summary>Moves everything taken to the table of failing rows.</summary>
    public void MoveTo(DuckDbConnection duck, CancellationToken cancellationToken)
    {
        appender.Dispose();
        duck.Execute($"insert into {FailingRowTable.Name} select * from {Name}; drop table {Name}", ct: cancellationToken);
    }

    public void Dispose()
    {
        appender.Dispose();
        connection.Dispose();
    }
}
