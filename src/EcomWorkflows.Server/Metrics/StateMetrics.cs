using Dapper;
using Npgsql;

namespace EcomWorkflows.Server.Metrics;

/// <summary>Reads from the database what all nodes share: the queue, the runs under way, the lake and what validation found last. Only open runs and newest rows are looked at.</summary>
internal sealed class StateMetrics(NpgsqlDataSource database)
{
    /// <summary>Attempts the scheduling delay is taken from: the newest.</summary>
    private const int NewestAttempts = 1000;

    public async Task<IReadOnlyList<Metric>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return
        [
            await GaugeAsync(connection, "ecom_nodes_alive", "Nodes whose lease is valid.",
                "select count(*)::float8 as value from orchestration.node where stopped_at is null and lease_until > clock_timestamp()", cancellationToken),
            await GaugeAsync(connection, "ecom_dag_runs", "DAG runs that have not ended, by state.",
                """
                select state, count(r.run_id)::float8 as value
                from unnest(array['queued', 'running']) as state
                left join orchestration.dag_run r using (state)
                group by state
                order by state
                """, cancellationToken),
            await GaugeAsync(connection, "ecom_task_instances", "Task instances of runs that have not ended, by state.",
                """
                select i.state, count(*)::float8 as value
                from orchestration.dag_run r
                join orchestration.task_instance i using (run_id)
                where r.state in ('queued', 'running')
                group by i.state
                order by i.state
                """, cancellationToken),
            await GaugeAsync(connection, "ecom_task_queue_depth", "Task instances that wait for a node, by pool.",
                """
                select p.name as pool, count(i.task_instance_id)::float8 as value
                from orchestration.pool p
                left join orchestration.task_instance i on i.pool = p.name and i.state = 'queued'
                group by p.name
                order by p.name
                """, cancellationToken),
            await GaugeAsync(connection, "ecom_task_queue_oldest_seconds", "How long the oldest task instance of the queue has waited; 0 with an empty queue.",
                "select coalesce(extract(epoch from clock_timestamp() - min(queued_at)), 0)::float8 as value from orchestration.task_instance where state = 'queued'", cancellationToken),
            await DelayAsync(connection, cancellationToken),
            .. await RawAsync(connection, cancellationToken),
            await GaugeAsync(connection, "ecom_lake_table_rows", "Rows of the current content of a lake table.", Current("rows"), cancellationToken),
            await GaugeAsync(connection, "ecom_lake_table_age_seconds", "Time since the current content of a lake table was published.",
                Current("extract(epoch from clock_timestamp() - created_at)"), cancellationToken),
            await GaugeAsync(connection, "ecom_quality_rows", "Rows of the newest validation of a table: read, refused by ingestion, quarantined, kept.",
                """
                select source, entity, kind, value::float8 as value
                from quality.newest_result
                cross join lateral (
                  values ('read', rows_read), ('refused', rows_refused), ('quarantined', rows_quarantined), ('kept', rows_kept)) as rows (kind, value)
                order by source, entity, kind
                """, cancellationToken),
            await GaugeAsync(connection, "ecom_quality_expectations", "Expectations of the newest validation of a table, met and not met.",
                """
                select source, entity, found as result, value::float8 as value
                from quality.newest_result
                cross join lateral (
                  values ('met', successful_expectations), ('not_met', evaluated_expectations - successful_expectations)) as expectations (found, value)
                order by source, entity, found
                """, cancellationToken),
            await GaugeAsync(connection, "ecom_quality_anomalies", "Figures of the newest validation of a table outside the bounds the runs before set.",
                """
                select source, entity, (
                  select count(*)
                  from quality.anomaly a
                  where a.validation_result_id = newest_result.validation_result_id
                    and a.is_anomaly)::float8 as value
                from quality.newest_result
                order by source, entity
                """, cancellationToken),
            await GaugeAsync(connection, "ecom_quality_age_seconds", "Time since the newest validation of a table, by its outcome.",
                """
                select source, entity, outcome, extract(epoch from clock_timestamp() - validated_at)::float8 as value
                from quality.newest_result
                order by source, entity
                """, cancellationToken),
        ];
    }

    /// <summary>What the raw files are, in one reading of their catalog.</summary>
    private static async Task<IReadOnlyList<Metric>> RawAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var raw = (await connection.QueryAsync<(string Source, string Entity, long Files, double Records, double Bytes)>(new CommandDefinition(
            """
            select source, entity, count(*), coalesce(sum(rows), 0)::float8, coalesce(sum(bytes), 0)::float8
            from lake.raw_file
            group by source, entity
            order by source, entity
            """,
            cancellationToken: cancellationToken))).AsList();
        return
        [
            new Metric("ecom_lake_raw_files", "gauge", "Raw files kept, by source and entity.", [.. raw.Select(of => Sample.Of(of.Files, ("source", of.Source), ("entity", of.Entity)))]),
            new Metric("ecom_lake_raw_records", "gauge", "Records in the raw files, by source and entity.", [.. raw.Select(of => Sample.Of(of.Records, ("source", of.Source), ("entity", of.Entity)))]),
            new Metric("ecom_lake_raw_bytes", "gauge", "Bytes of the raw files, packed as they came, by source and entity.", [.. raw.Select(of => Sample.Of(of.Bytes, ("source", of.Source), ("entity", of.Entity)))]),
        ];
    }

    private static string Current(string value) =>
        $"""
        select layer || '.' || source || '.' || name as "table", ({value})::float8 as value
        from lake.current_snapshot
        order by layer, source, name
        """;

    /// <summary>The query's column <c>value</c>, labelled with its other columns.</summary>
    private static async Task<Metric> GaugeAsync(NpgsqlConnection connection, string name, string help, string sql, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return new Metric(name, "gauge", help, [.. rows.Cast<IDictionary<string, object>>().Select(row => new Sample(
            (double)row["value"], [.. row.Where(column => column.Key != "value").Select(column => (column.Key, (string)column.Value))]))]);
    }

    /// <summary>Time from being queued to being begun, of the attempts begun last.</summary>
    private static async Task<Metric> DelayAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        double[] quantiles = [0.5, 0.95, 0.99];
        var (delays, count) = await connection.QuerySingleAsync<(double[]? Delays, long Count)>(new CommandDefinition(
            """
            with newest as (
              select attempt_id, started_at
              from orchestration.task_attempt
              order by attempt_id desc
              limit @NewestAttempts
            )
            select percentile_cont(@quantiles) within group (order by extract(epoch from a.started_at - i.queued_at)::float8), count(*)
            from newest a
            join orchestration.task_instance i using (attempt_id)
            where i.queued_at <= a.started_at
            """,
            new { NewestAttempts, quantiles }, cancellationToken: cancellationToken));
        return new Metric(
            "ecom_scheduling_delay_seconds", "gauge", $"Time from being queued to being begun, of the newest {NewestAttempts} attempts, by quantile.",
            count == 0 ? [] : [.. quantiles.Zip(delays!, (quantile, delay) => Sample.Of(delay, ("quantile", $"{quantile}")))]);
    }
}
