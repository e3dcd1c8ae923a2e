using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Reads what earlier runs found in a table.</summary>
public sealed class QualityHistoryReader(NpgsqlDataSource database)
{
    /// <param name="source">As in table names, for example <c>online_retail</c>.</param>
    /// <param name="exceptRunId">A run that is left out: the one that compares itself with the others.</param>
    public async Task<QualityHistory> ReadAsync(
        string source, string entity, CancellationToken cancellationToken, long? exceptRunId = null, int runs = QualityHistory.ComparedRuns)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var results = (await connection.QueryAsync<ResultRow>(new CommandDefinition(
            """
            select
              validation_result_id as "ValidationResultId",
              run_id as "RunId",
              run_key as "RunKey",
              validated_at as "ValidatedAt",
              outcome as "Outcome",
              rows_read as "RowsRead",
              rows_refused as "RowsRefused",
              rows_quarantined as "RowsQuarantined"
            from quality.validation_result
            where source = @source
              and entity = @entity
              and run_id is distinct from @exceptRunId
            order by validated_at desc, validation_result_id desc
            limit @runs
            """,
            new { source, entity, exceptRunId, runs }, cancellationToken: cancellationToken))).AsList();
        var ids = results.ConvertAll(result => result.ValidationResultId);
        var expectations = (await connection.QueryAsync<ExpectationRow>(new CommandDefinition(
            """
            select
              validation_result_id as "ValidationResultId",
              expectation_key as "Key",
              code as "Code",
              success as "Success",
              unexpected_count as "UnexpectedCount",
              element_count - coalesce(missing_count, 0) as "Considered",
              case when jsonb_typeof(observed_value) = 'number' then observed_value::float8 end as "Observed"
            from quality.expectation_result
            where validation_result_id = any(@ids)
              and exception_message is null
            """,
            new { ids }, cancellationToken: cancellationToken))).ToLookup(row => row.ValidationResultId);
        var columns = (await connection.QueryAsync<ColumnRow>(new CommandDefinition(
            """
            select
              validation_result_id as "ValidationResultId",
              column_name as "Name",
              null_count::float8 / nullif(rows_read - rows_refused, 0) as "NullShare",
              distinct_count as "Distinct",
              mean as "Mean"
            from quality.column_profile
            join quality.validation_result using (validation_result_id)
            where validation_result_id = any(@ids)
            """,
            new { ids }, cancellationToken: cancellationToken))).ToLookup(row => row.ValidationResultId);
        return new QualityHistory([.. results.Select(run => new PastRun(
            run.ValidationResultId, run.RunId, run.RunKey, run.ValidatedAt, run.Outcome, run.RowsRead, run.RowsRefused, run.RowsQuarantined,
            expectations[run.ValidationResultId].DistinctBy(row => row.Key).ToDictionary(
                row => row.Key, row => new PastExpectation(row.Code, row.Success, row.UnexpectedCount, row.Considered, row.Observed), StringComparer.Ordinal),
            columns[run.ValidationResultId].ToDictionary(row => row.Name, row => new PastColumn(row.NullShare, row.Distinct, row.Mean), StringComparer.Ordinal)))]);
    }

    private sealed record ResultRow(
        long ValidationResultId, long RunId, string RunKey, DateTimeOffset ValidatedAt, string Outcome, long RowsRead, long RowsRefused, long RowsQuarantined);

    private sealed record ExpectationRow(long ValidationResultId, string Key, string Code, bool Success, long? UnexpectedCount, long? Considered, double? Observed);

    private sealed record ColumnRow(long ValidationResultId, string Name, double? NullShare, long Distinct, double? Mean);
}
