using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Reads what validation found, for the web face and the command line.</summary>
public sealed class QualityResults(NpgsqlDataSource database)
{
    /// <summary>Results, the newest first.</summary>
    public async Task<IReadOnlyList<QualitySummary>> ListAsync(QualityFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<QualitySummary>(new CommandDefinition(
            $"""
            {Summary}
            where (@RunId is null or run_id = @RunId)
              and (@Source is null or source = @Source)
              and (@Entity is null or entity = @Entity)
            order by validated_at desc, validation_result_id desc
            limit @Limit
            """,
            filter, cancellationToken: cancellationToken));
        return found.AsList();
    }

    /// <summary>One result; null when there is none of that id.</summary>
    public async Task<QualitySummary?> FindAsync(long validationResultId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<QualitySummary>(new CommandDefinition(
            $"""
            {Summary}
            where validation_result_id = @ValidationResultId
            """,
            new { ValidationResultId = validationResultId }, cancellationToken: cancellationToken));
    }

    /// <summary>The expectations of a result in the order of its suite.</summary>
    public async Task<IReadOnlyList<QualityExpectation>> ExpectationsAsync(long validationResultId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<QualityExpectation>(new CommandDefinition(
            """
            select
              ordinal,
              expectation_key as "ExpectationKey",
              type,
              statement,
              code,
              severity,
              on_fail as "OnFail",
              mostly,
              success,
              exception_message as "ExceptionMessage",
              element_count as "ElementCount",
              missing_count as "MissingCount",
              unexpected_count as "UnexpectedCount",
              observed_value::text as "ObservedValue",
              resolution
            from quality.expectation_result
            where validation_result_id = @ValidationResultId
            order by ordinal
            """,
            new { ValidationResultId = validationResultId }, cancellationToken: cancellationToken));
        return found.AsList();
    }

    /// <summary>Why rows of a run were quarantined, by table, most rows first.</summary>
    public async Task<IReadOnlyList<QualityReason>> ReasonsAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<QualityReason>(new CommandDefinition(
            """
            select
              source,
              entity,
              code,
              row_count as "Rows"
            from quality.quarantine_reason
            join quality.validation_result using (validation_result_id)
            where run_id = @RunId
            order by source, entity, row_count desc, code
            """,
            new { RunId = runId }, cancellationToken: cancellationToken));
        return found.AsList();
    }

    /// <summary>Great Expectations' validation-result JSON; null when there is no result of that id.</summary>
    public async Task<string?> ResultJsonAsync(long validationResultId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select result::text
            from quality.validation_result
            where validation_result_id = @ValidationResultId
            """,
            new { ValidationResultId = validationResultId }, cancellationToken: cancellationToken));
    }

    /// <summary>The figures of a result that were compared with the runs before, the unusual ones first.</summary>
    public async Task<IReadOnlyList<Anomaly>> AnomaliesAsync(long validationResultId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<Anomaly>(new CommandDefinition(
            """
            select
              metric as "Metric",
              statement as "Statement",
              value as "Value",
              low as "Low",
              high as "High",
              median as "Median",
              run_count as "Runs"
            from quality.anomaly
            where validation_result_id = @ValidationResultId
            order by is_anomaly desc, metric
            """,
            new { ValidationResultId = validationResultId }, cancellationToken: cancellationToken));
        return found.AsList();
    }

    private const string Summary = """
        select
          validation_result_id as "ValidationResultId",
          run_id as "RunId",
          dag_id as "DagId",
          run_key as "RunKey",
          task_id as "TaskId",
          attempt_id as "AttemptId",
          source,
          entity,
          suite_name as "SuiteName",
          outcome,
          evaluated_expectations as "EvaluatedExpectations",
          successful_expectations as "SuccessfulExpectations",
          rows_read as "RowsRead",
          rows_refused as "RowsRefused",
          rows_quarantined as "RowsQuarantined",
          rows_kept as "RowsKept",
          validated_at as "ValidatedAt",
          path as "ReportPath"
        from quality.validation_result
        join quality.report using (validation_result_id)
        """;
}
