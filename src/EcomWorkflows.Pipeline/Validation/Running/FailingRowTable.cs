using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Results;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>The temporary table of all failing rows: one row per expectation and (file, line).</summary>
internal sealed class FailingRowTable(DuckDbConnection duck)
{
    public const string Name = "failing_row";

    private const int Shown = 20;

    /// <summary>Checks per scan: each costs a struct per failing row.</summary>
    private const int ChecksPerScan = 32;

    public void Create(CancellationToken cancellationToken) => duck.Execute(
        $"""
        create temp table {Name} (
          ordinal  integer  not null,
          file     varchar  not null,
          line     bigint   not null,
          value    varchar,
          message  varchar  not null
        )
        """, ct: cancellationToken);

    /// <summary>Collects the failing rows of checks that look at one row at a time, in one scan; returns the reason for each check where that failed.</summary>
    public IReadOnlyDictionary<int, string> Collect(IReadOnlyList<(int Ordinal, RowCheck Check)> checks, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<int, string>();
        foreach (var chunk in checks.Chunk(ChecksPerScan))
            Collect(chunk, problems, cancellationToken);
        return problems;
    }

    /// <summary>Collects the failing rows of a check over sets; returns how many.</summary>
    public long Collect(int ordinal, SetCheck check, CancellationToken cancellationToken)
    {
        try
        {
            if (check.Setup is not null)
                duck.Execute(check.Setup, ct: cancellationToken);
            if (check.Anything is not null && !duck.Scalar<bool>(check.Anything, ct: cancellationToken))
                return 0;
            return duck.Execute(
                $"""
                insert into {Name}
                select {ordinal}, file, line, any_value(value), any_value(message)
                from (
                  {check.FailingRows}
                ) as failing
                group by file, line
                """, ct: cancellationToken);
        }
        finally
        {
            if (check.Cleanup is not null)
                duck.Execute(check.Cleanup, ct: CancellationToken.None);
        }
    }

    /// <summary>Collects the lines ingestion refused under a rule; returns how many.</summary>
    public long Collect(int ordinal, IngestCheck check, string rejects, CancellationToken cancellationToken) => duck.Execute(
        $"""
        insert into {Name}
        select
          {ordinal},
          file,
          line,
          to_json(list(column_name order by column_name) filter (where column_name is not null))::varchar,
          string_agg(message, '; ' order by message)
        from {rejects}
        where rule = $Rule
        group by file, line
        """, new { check.Rule }, cancellationToken);

    /// <summary>The most frequent failing values of each expectation.</summary>
    public ILookup<int, ValueCount> Values(CancellationToken cancellationToken) => duck.QueryRows(
        $"""
        with counted as (
          select ordinal, coalesce(value, 'null') as value, count(*) as copies
          from {Name}
          group by all
        )
        select ordinal, value, copies
        from counted
        qualify row_number() over (partition by ordinal order by copies desc, value) <= {Shown}
        order by ordinal, copies desc, value
        """,
        row => (Ordinal: row.Get<int>(0), Value: new ValueCount(row.Get<string>(1), row.Get<long>(2))), ct: cancellationToken)
        .ToLookup(found => found.Ordinal, found => found.Value);

    /// <summary>The first failing rows of each expectation.</summary>
    public ILookup<int, FailingRow> Examples(CancellationToken cancellationToken) => duck.QueryRows(
        $"""
        select ordinal, file, line, coalesce(value, 'null'), message
        from {Name}
        qualify row_number() over (partition by ordinal order by file, line) <= {Shown}
        order by ordinal, file, line
        """,
        row => (Ordinal: row.Get<int>(0), Row: new FailingRow(row.Get<string>(1), row.Get<long>(2), row.Get<string>(3), row.Get<string>(4))),
        ct: cancellationToken).ToLookup(found => found.Ordinal, found => found.Row);

    private void Collect(ArraySegment<(int Ordinal, RowCheck Check)> checks, Dictionary<int, string> problems, CancellationToken cancellationToken)
    {
        var found = checks.Select(c =>
            $"case when {c.Check.Failing} then {{'ordinal': {c.Ordinal}, 'value': {c.Check.Value}, 'message': {c.Check.Message}}} end");
        try
        {
            duck.Execute(
                $"""
                insert into {Name}
                select found.ordinal, file, line, found.value, found.message
                from (
                  select
                    _file as file,
                    _line as line,
                    unnest([
                      {string.Join(",\n      ", found)}
                    ]) as found
                  from {ValidatedTable.Batch}
                  where {string.Join("\n     or ", checks.Select(c => $"({c.Check.Failing})"))}
                )
                where found is not null
                """, ct: cancellationToken);
        }
        catch (DuckDbException problem) when (problem is not DuckDbInterruptedException)
        {
            if (checks.Count == 1)
            {
                problems.Add(checks[0].Ordinal, CheckFailure.Words(problem));
                return;
            }
            var half = checks.Count / 2;
            Collect(checks[..half], problems, cancellationToken);
            Collect(checks[half..], problems, cancellationToken);
        }
    }
}
