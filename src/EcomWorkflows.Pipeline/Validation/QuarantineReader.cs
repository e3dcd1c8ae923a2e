using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Reads the rows in quarantine, for the web face and the command line.</summary>
public sealed class QuarantineReader(LakeStore lake, PipelineOptions options)
{
    /// <summary>Rows of a table's current quarantine, by file and line; empty where it was never validated.</summary>
    /// <param name="code">Only rows that break this rule; null for all.</param>
    public async Task<IReadOnlyList<QuarantinedRow>> ReadAsync(string source, string entity, string? code, int limit, int offset, CancellationToken cancellationToken)
    {
        if (await lake.CurrentAsync(new LakeTableName("quarantine", source, entity), cancellationToken) is not { Rows: > 0 } snapshot)
            return [];
        return await Task.Run(() => Read(lake.Scan(snapshot), code, limit, offset, cancellationToken), cancellationToken);
    }

    private IReadOnlyList<QuarantinedRow> Read(string scan, string? code, int limit, int offset, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = options.DuckDbMemoryLimit });
        return duck.QueryRows(
            $"""
            select file, line, rules, messages, raw
            from {scan}
            where $code::varchar is null
              or list_contains(rules, $code::varchar)
            order by file, line
            limit $limit
            offset $offset
            """,
            row => new QuarantinedRow(row.Get<string>(0), row.Get<long>(1), Texts(row.GetValue(2)), Texts(row.GetValue(3)), row.Get<string?>(4)),
            new { code, limit, offset }, cancellationToken);
    }

    private static IReadOnlyList<string> Texts(object? list) => [.. ((object?[])list!).Select(text => (string)text!)];
}
