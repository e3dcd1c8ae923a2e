using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

/// <summary>The routes of validation results, and what Prometheus scrapes, over HTTP.</summary>
public sealed class QualityApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Quality = "/api/v2/quality";

    [Fact]
    public async Task Results_are_listed_and_told_in_detail()
    {
        var id = await AddResultAsync("list", run: 901);

        var listed = (await server.Client.GetFromJsonAsync<JsonArray>($"{Quality}/results?run_id=901&source=list&entity=events&limit=5"))!;
        var found = listed.Single()!;
        found["validation_result_id"]!.GetValue<long>().ShouldBe(id);
        (found["outcome"]!.GetValue<string>(), found["rows_read"]!.GetValue<long>(), found["rows_quarantined"]!.GetValue<long>()).ShouldBe(("warned", 10, 3));

        (await server.GetAsync($"{Quality}/results/{id}"))["suite_name"]!.GetValue<string>().ShouldBe("list/events");
        var expectation = (await server.Client.GetFromJsonAsync<JsonArray>($"{Quality}/results/{id}/expectations"))!.Single()!;
        (expectation["code"]!.GetValue<string>(), expectation["unexpected_count"]!.GetValue<long>(), expectation["resolution"]!.GetValue<string>()).ShouldBe(("no_user", 3, "quarantined"));
        var anomaly = (await server.Client.GetFromJsonAsync<JsonArray>($"{Quality}/results/{id}/anomalies"))!.Single()!;
        (anomaly["metric"]!.GetValue<string>(), anomaly["high"]!.GetValue<double>(), anomaly["runs"]!.GetValue<int>()).ShouldBe(("rows_read", 8.5, 30));
        var history = await server.GetAsync($"{Quality}/history/list/events");
        history["runs"]![0]!["expectations"]!["key"]!["unexpected_count"]!.GetValue<long>().ShouldBe(3);
    }

    [Fact]
    public async Task Issues_come_as_JSON_and_as_CSV()
    {
        await AddResultAsync("issues", run: 902);

        var issue = (await server.Client.GetFromJsonAsync<JsonArray>($"{Quality}/runs/902/issues"))!.Single()!;
        (issue["table"]!.GetValue<string>(), issue["rows"]!.GetValue<long>(), issue["resolution"]!.GetValue<string>()).ShouldBe(("bronze.issues.events", 3, "quarantined"));
        var csv = await server.Client.GetAsync($"{Quality}/runs/902/issues?format=csv");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        (await csv.Content.ReadAsStringAsync()).ShouldBe(
            "table,issue,severity,rows,resolution,statement\nbronze.issues.events,no_user,critical,3,quarantined,user_id is given\n");
    }

    [Theory]
    [InlineData("/results/999999", HttpStatusCode.NotFound, "There is no validation result 999999.")]
    [InlineData("/results/999999/expectations", HttpStatusCode.NotFound, "There is no validation result 999999.")]
    [InlineData("/results/999999/anomalies", HttpStatusCode.NotFound, "There is no validation result 999999.")]
    [InlineData("/results?limit=0", HttpStatusCode.BadRequest, "limit is 0; allowed are 1 to 1000.")]
    [InlineData("/results?run_id=last", HttpStatusCode.BadRequest, "run_id is 'last'; a whole number is needed.")]
    [InlineData("/history/shop/events?limit=-1", HttpStatusCode.BadRequest, "limit is -1; allowed are 1 to 1000.")]
    [InlineData("/history/nope/events", HttpStatusCode.NotFound, "There is no lake table 'bronze.nope.events'.")]
    [InlineData("/runs/999999/issues", HttpStatusCode.NotFound, "There is no run 999999.")]
    [InlineData("/runs/999999/issues?format=csv", HttpStatusCode.NotFound, "There is no run 999999.")]
    [InlineData("/quarantine/nope/events", HttpStatusCode.NotFound, "There is no lake table 'bronze.nope.events'.")]
    [InlineData("/runs/1/issues?format=xml", HttpStatusCode.BadRequest, "format is xml; allowed are json and csv.")]
    public async Task What_is_not_there_or_makes_no_sense_is_a_problem_that_says_so(string address, HttpStatusCode status, string detail)
    {
        var answer = await server.Client.GetAsync(Quality + address);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain(detail);
    }

    [Fact]
    public async Task Prometheus_scrapes_the_state_of_the_installation_and_what_the_process_counted()
    {
        await AddResultAsync("scraped", run: 903);
        await AddLakeAsync();
        (await server.RunToEndAsync("for-metrics")).ShouldBe("success");

        var answer = await server.Client.GetAsync("/metrics");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        lines.ShouldContain("# TYPE ecom_orchestrator_attempts_total counter");
        lines.ShouldContain(line => line.StartsWith("ecom_orchestrator_attempts_total{state=\"success\",cause=\"none\"} ", StringComparison.Ordinal));
        lines.ShouldContain("ecom_nodes_alive 1");
        lines.ShouldContain("ecom_dag_runs{state=\"queued\"} 0");
        lines.ShouldContain("ecom_task_queue_depth{pool=\"default_pool\"} 0");
        lines.ShouldContain("ecom_task_queue_oldest_seconds 0");
        lines.ShouldContain(line => line.StartsWith("ecom_scheduling_delay_seconds{quantile=\"0.95\"} ", StringComparison.Ordinal));
        lines.ShouldContain("ecom_quality_rows{source=\"scraped\",entity=\"events\",kind=\"quarantined\"} 3");
        lines.ShouldContain("ecom_quality_expectations{source=\"scraped\",entity=\"events\",result=\"not_met\"} 1");
        lines.ShouldContain("ecom_quality_anomalies{source=\"scraped\",entity=\"events\"} 1");
        lines.ShouldContain(line => line.StartsWith("ecom_quality_age_seconds{source=\"scraped\",entity=\"events\",outcome=\"warned\"} ", StringComparison.Ordinal));
        lines.ShouldContain("ecom_lake_raw_records{source=\"scraped\",entity=\"events\"} 10");
        lines.ShouldContain("ecom_lake_raw_bytes{source=\"scraped\",entity=\"events\"} 123");
        lines.ShouldContain("ecom_lake_table_rows{table=\"bronze.scraped.events\"} 7");
        lines.Where(line => line.Length > 0 && line[0] != '#').ShouldAllBe(line => double.IsFinite(double.Parse(line.Substring(line.LastIndexOf(' ') + 1))));
    }

    private async Task AddLakeAsync()
    {
        await using var connection = await server.Web.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into lake.raw_file (source, entity, path, sha256, bytes, original, run_id, attempt_id, rows)
            values ('scraped', 'events', 'raw/x', 'x', 123, 'x.csv', 903, 1, 10);
            insert into lake.snapshot (layer, source, name, data_interval_start, data_interval_end, run_id, attempt_id, rows, bytes, columns)
            values ('bronze', 'scraped', 'events', '2026-11-20', '2026-11-21', 903, 1, 7, 70, '[]')
            """);
    }

    /// <summary>A result with one expectation that was not met and one unusual figure.</summary>
    private async Task<long> AddResultAsync(string source, long run)
    {
        await using var connection = await server.Web.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            """
            with result as (
              insert into quality.validation_result (
                run_id, dag_id, run_key, task_id, attempt_id, source, entity, suite_name, data_interval_start, data_interval_end, quarantine_snapshot_id, outcome,
                evaluated_expectations, successful_expectations, rows_read, rows_refused, rows_quarantined, rows_kept, result, validated_at)
              values (@run, 'churn-daily', 'manual__1', 'validate_events', 1, @source, 'events', @source || '/events', '2026-11-20', '2026-11-21', 1, 'warned',
                1, 0, 10, 1, 3, 7, jsonb_build_object('suite_name', @source || '/events'), now())
              returning validation_result_id
            ),
            expectation as (
              insert into quality.expectation_result (
                validation_result_id, ordinal, expectation_key, type, columns, statement, code, severity, on_fail, mostly, success, element_count, missing_count, unexpected_count, resolution)
              select validation_result_id, 0, 'key', 'expect_column_values_to_not_be_null', array['user_id'], 'user_id is given', 'no_user', 'critical', 'quarantine', 1, false, 10, null, 3, 'quarantined'
              from result
            ),
            figure as (
              insert into quality.anomaly (validation_result_id, metric, statement, value, low, high, median, run_count, is_anomaly)
              select validation_result_id, 'rows_read', 'rows read', 10, 6.5, 8.5, 7.5, 30, true
              from result
            ),
            report as (
              insert into quality.report (validation_result_id, path)
              select validation_result_id, 'reports/quality/' || @source
              from result
            )
            select validation_result_id
            from result
            """,
            new { source, run });
    }
}
