using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Replay;
using EcomWorkflows.Pipeline.Validation.Results;
using Npgsql;

namespace EcomWorkflows.Pipeline.Validation.Storage;

/// <summary>Writes results to the schema <c>quality</c>, inside the fenced transaction of the task.</summary>
internal sealed class QualityStore(NpgsqlDataSource database)
{
    /// <summary>Stores the result; an earlier one of the same run, source and entity goes.</summary>
    /// <param name="reportPath">Folder relative to ECOM_HOME.</param>
    public async Task<long> PublishAsync(
        PublishScope scope, ValidationIdentity identity, ValidationResult result, long quarantineSnapshotId, string reportPath, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            scope,
            """
            delete from quality.validation_result
            where run_id = @RunId
              and source = @Source
              and entity = @Entity
            """,
            new { identity.RunId, identity.Source, identity.Entity }, cancellationToken);
        var id = await InsertAsync(scope, identity, result, quarantineSnapshotId, cancellationToken);
        await ExecuteAsync(
            scope,
            """
            insert into quality.expectation_result (
              validation_result_id, ordinal, expectation_key, type, columns, statement, code, severity, on_fail, mostly, success,
              exception_message, element_count, missing_count, unexpected_count, observed_value, resolution)
            select
              @Id, ordinal, expectation_key, type, columns, statement, code, severity, on_fail, mostly, success,
              exception_message, element_count, missing_count, unexpected_count, observed_value, resolution
            from jsonb_to_recordset(@Expectations::jsonb) as stated (
              ordinal int, expectation_key text, type text, columns text[], statement text, code text, severity text, on_fail text, mostly float8, success boolean,
              exception_message text, element_count bigint, missing_count bigint, unexpected_count bigint, observed_value jsonb, resolution text)
            """,
            new { Id = id, Expectations = Storable(new JsonArray([.. result.Expectations.Select(Row)])) }, cancellationToken);
        await ExecuteAsync(
            scope,
            """
            insert into quality.quarantine_reason (validation_result_id, code, row_count)
            select @Id, code, row_count
            from unnest(@Codes, @Rows) as reason (code, row_count)
            """,
            new { Id = id, Codes = result.Reasons.Select(reason => reason.Code).ToArray(), Rows = result.Reasons.Select(reason => reason.Rows).ToArray() },
            cancellationToken);
        await InsertHistoryAsync(scope, id, result, cancellationToken);
        await ExecuteAsync(
            scope,
            """
            insert into quality.report (validation_result_id, path)
            values (@Id, @Path)
            """,
            new { Id = id, Path = reportPath }, cancellationToken);
        return id;
    }

    /// <summary>Holds back other publishing until the commit, and refuses when a table has a newer snapshot than the one that was looked at.</summary>
    /// <exception cref="TaskFailedException">Somebody published meanwhile; another try starts from what is there then.</exception>
    public async Task RequireNewestAsync(PublishScope scope, IReadOnlyList<LakeSnapshot> seen, CancellationToken cancellationToken)
    {
        await ExecuteAsync(scope, "lock table lake.snapshot in share row exclusive mode", new { }, cancellationToken);
        foreach (var snapshot in seen)
        {
            var newest = await scope.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "select max(snapshot_id) from lake.snapshot where layer = @Layer and source = @Source and name = @Name",
                new { snapshot.Table.Layer, snapshot.Table.Source, snapshot.Table.Name }, scope.Transaction, cancellationToken: cancellationToken));
            if (newest != snapshot.SnapshotId)
                throw new TaskFailedException($"{snapshot.Table} was published anew (snapshot {newest} after {snapshot.SnapshotId}) while its quarantine was checked again. Nothing was changed.", FailureCause.BadData);
        }
    }

    /// <summary>What this run's replay of the table has committed already; null where it has not.</summary>
    public async Task<EarlierTry?> EarlierTryAsync(long runId, LakeTableName table, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<EarlierTry>(new CommandDefinition(
            """
            select r.quarantine_before as QuarantineBefore, r.files_reread as FilesReread
            from quality.replay r
            join quality.validation_result v using (validation_result_id)
            where v.run_id = @runId
              and v.source = @Source
              and v.entity = @Name
              and r.quarantine_before is not null
            """,
            new { runId, table.Source, table.Name }, cancellationToken: cancellationToken));
    }

    /// <param name="quarantineBefore">Snapshot that <paramref name="count"/> starts from; null where there was none.</param>
    public Task RecordReplayAsync(
        PublishScope scope, long resultId, ReplayCount count, int filesReread, long? quarantineBefore, DateTimeOffset at, CancellationToken cancellationToken) => ExecuteAsync(
        scope,
        """
        insert into quality.replay (attempt_id, validation_result_id, replayed_at, rows_before, rows_released, rows_newly_held, files_reread, quarantine_before)
        values (@AttemptId, @resultId, @at, @Before, @Released, @NewlyHeld, @filesReread, @quarantineBefore)
        """,
        new { scope.Attempt.AttemptId, resultId, at, count.Before, count.Released, count.NewlyHeld, filesReread, quarantineBefore }, cancellationToken);

    /// <summary>What later runs compare themselves with, and what stood out in this one.</summary>
    private static async Task InsertHistoryAsync(PublishScope scope, long id, ValidationResult result, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            scope,
            """
            insert into quality.column_profile (validation_result_id, ordinal, column_name, type, null_count, distinct_count, distinct_is_exact, mean, min_value, max_value)
            select @Id, ordinal, column_name, type, null_count, distinct_count, distinct_is_exact, mean, min_value, max_value
            from jsonb_to_recordset(@Columns::jsonb) as profile (
              ordinal int, column_name text, type text, null_count bigint, distinct_count bigint, distinct_is_exact boolean, mean float8, min_value text, max_value text)
            """,
            new { Id = id, Columns = Storable(new JsonArray([.. result.Columns.Select(Row)])) }, cancellationToken);
        await ExecuteAsync(
            scope,
            """
            insert into quality.anomaly (validation_result_id, metric, statement, value, low, high, median, run_count, is_anomaly)
            select @Id, metric, statement, value, low, high, median, run_count, value < low or value > high
            from unnest(@Metrics, @Statements, @Values, @Lows, @Highs, @Medians, @Runs) as figure (metric, statement, value, low, high, median, run_count)
            """,
            new
            {
                Id = id,
                Metrics = result.Anomalies.Select(figure => StorableText.Clean(figure.Metric)!).ToArray(), Statements = result.Anomalies.Select(figure => StorableText.Clean(figure.Statement)!).ToArray(),
                Values = result.Anomalies.Select(figure => figure.Value).ToArray(), Lows = result.Anomalies.Select(figure => figure.Low).ToArray(),
                Highs = result.Anomalies.Select(figure => figure.High).ToArray(), Medians = result.Anomalies.Select(figure => figure.Median).ToArray(),
                Runs = result.Anomalies.Select(figure => figure.Runs).ToArray(),
            },
            cancellationToken);
    }

    private static JsonObject Row(ColumnProfile column, int ordinal) => new()
    {
        ["ordinal"] = ordinal,
        ["column_name"] = column.Column.Name,
        ["type"] = column.Column.Type,
        ["null_count"] = column.Nulls,
        ["distinct_count"] = column.Distinct,
        ["distinct_is_exact"] = column.DistinctIsExact,
        ["mean"] = column.Mean is { } mean && double.IsFinite(mean) ? mean : null,
        ["min_value"] = column.Min,
        ["max_value"] = column.Max,
    };

    private static Task<long> InsertAsync(
        PublishScope scope, ValidationIdentity identity, ValidationResult result, long quarantineSnapshotId, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into quality.validation_result (
              run_id, dag_id, run_key, task_id, attempt_id, source, entity, suite_name, data_interval_start, data_interval_end,
              bronze_snapshot_id, quarantine_snapshot_id, outcome, evaluated_expectations, successful_expectations,
              rows_read, rows_refused, rows_quarantined, rows_kept, result, validated_at)
            values (
              @RunId, @DagId, @RunKey, @TaskId, @AttemptId, @Source, @Entity, @SuiteName, @IntervalStart, @IntervalEnd,
              @SnapshotId, @QuarantineSnapshotId, @Outcome, @Evaluated, @Successful,
              @RowsRead, @RowsRefused, @RowsQuarantined, @RowsKept, @Result::jsonb, @ValidatedAt)
            returning validation_result_id
            """,
            new
            {
                identity.RunId, identity.DagId, identity.RunKey, identity.TaskId, identity.AttemptId, identity.Source, identity.Entity,
                SuiteName = result.Suite.Name, identity.IntervalStart, identity.IntervalEnd, identity.SnapshotId, QuarantineSnapshotId = quarantineSnapshotId,
                Outcome = result.Outcome.ToString().ToLowerInvariant(), Evaluated = result.Expectations.Count, result.Successful,
                result.RowsRead, result.RowsRefused, result.RowsQuarantined, result.RowsKept,
                Result = Storable(GxResultJson.Write(result, identity)), identity.ValidatedAt,
            },
            scope.Transaction, cancellationToken: cancellationToken));

    private static JsonObject Row(ExpectationResult result, int ordinal) => new()
    {
        ["ordinal"] = ordinal,
        ["expectation_key"] = result.Expectation.Key,
        ["type"] = result.Expectation.Type,
        ["columns"] = new JsonArray([.. result.Expectation.Columns.Select(column => JsonValue.Create(column))]),
        ["statement"] = result.Statement,
        ["code"] = result.Expectation.Code,
        ["severity"] = result.Severity.ToString().ToLowerInvariant(),
        ["on_fail"] = result.Expectation.FailingRows.ToString().ToLowerInvariant(),
        ["mostly"] = result.Expectation.Mostly,
        ["success"] = result.Success,
        ["exception_message"] = result.Exception,
        ["element_count"] = result.ElementCount,
        ["missing_count"] = result.MissingCount,
        ["unexpected_count"] = result.UnexpectedCount,
        ["observed_value"] = result.Observed?.DeepClone(),
        ["resolution"] = result.Resolution,
    };

    /// <summary>JSON as PostgreSQL takes it: bad data may hold characters it cannot keep.</summary>
    private static string Storable(JsonNode json) => StorableText.CleanJson(json.ToJsonString(JsonSerializerOptions.Default))!;

    private static Task ExecuteAsync(PublishScope scope, string sql, object values, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(sql, values, scope.Transaction, cancellationToken: cancellationToken));
}
