using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class ValidateTaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private const string Suite = """
        { "name": "shop/events", "expectations": [
          { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "user_id", "mostly": MOSTLY }, "severity": "critical", "meta": { "on_fail": "quarantine", "code": "missing_user" } },
          { "type": "expect_column_values_to_exist_in_table", "kwargs": { "column": "product_id", "table": "products" }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "unknown_product" } },
          { "type": "expect_column_values_to_be_between", "kwargs": { "column": "event_time", "max_value": { "$PARAMETER": "data_interval_end" } }, "severity": "info", "meta": { "on_fail": "accept", "code": "future" } }
        ] }
        """;

    private readonly ValidationHome home = new(postgres);

    public async Task InitializeAsync()
    {
        await home.MigrateAsync();
        home.Write(
            "workflows/sources/shop.json",
            """
            { "source": "shop", "description": "", "entities": {
                "events": { "kind": "file", "location": "x", "format": {}, "columns": [], "suite": "shop/events" },
                "orders": { "kind": "none", "columns": [] },
                "visits": { "kind": "file", "location": "x", "format": {}, "columns": [], "suite": "shop/visits" } },
              "silver": {}, "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 1, "embargoDays": 1 } }
            """);
        home.Write("workflows/expectations/shop/events.json", Suite.Replace("MOSTLY", "0.5"));
    }

    [Fact]
    public async Task Results_report_and_quarantine_are_published_and_readable()
    {
        var attempt = home.Attempt(runId: 1, attemptId: 11);
        await BronzeAsync(attempt);

        var outputs = await home.ValidateAsync(attempt);

        (outputs.RowsChecked, outputs.RowsQuarantined, outputs.RowsKept, outputs.Outcome, outputs.Success).ShouldBe((5, 3, 2, "warned", false));
        outputs.QuarantinedByReason.ShouldBe(new Dictionary<string, long> { ["missing_user"] = 1, ["parse_type"] = 1, ["unknown_product"] = 2 }, ignoreOrder: true);
        (await home.QuarantineAsync()).ShouldBe(["e.csv:3 missing_user+unknown_product", "e.csv:4 unknown_product", "e.csv:9 parse_type"]);
        outputs.ReportPath.ShouldBe("reports/quality/shop/run-1/events");
        Directory.EnumerateFiles(home.Path_(outputs.ReportPath!)).Select(Path.GetFileName).Order().ShouldBe(["index.html", "quarantine.csv", "report.csv", "result.json"]);
        File.ReadAllText(home.Path_(outputs.ReportPath + "/rows/missing_user.csv")).ShouldBe("file,line,value,message\ne.csv,3,,user_id is missing\n");
        var summary = (await home.Results.ListAsync(new QualityFilter(RunId: 1), CancellationToken.None)).ShouldHaveSingleItem();
        (summary.Source, summary.Entity, summary.Outcome, summary.RowsKept, summary.ReportPath).ShouldBe(("shop", "events", "warned", 2, outputs.ReportPath));
        var expectations = await home.Results.ExpectationsAsync(summary.ValidationResultId, CancellationToken.None);
        expectations.Single(e => e.Code == "future").ShouldSatisfyAllConditions(e => e.UnexpectedCount.ShouldBe(1), e => e.Resolution.ShouldBe("accepted"));
        (await home.Results.ReasonsAsync(1, CancellationToken.None)).ShouldContain(new QualityReason("shop", "events", "unknown_product", 2));
        var json = JsonNode.Parse((await home.Results.ResultJsonAsync(summary.ValidationResultId, CancellationToken.None))!)!;
        json["statistics"]!["evaluated_expectations"]!.GetValue<int>().ShouldBe(expectations.Count);
    }

    [Fact]
    public async Task A_failed_critical_expectation_fails_the_task_after_everything_is_published()
    {
        home.Write("workflows/expectations/shop/events.json", Suite.Replace("MOSTLY", "0.9"));
        var attempt = home.Attempt(runId: 2, attemptId: 21);
        await BronzeAsync(attempt);

        var failure = await Should.ThrowAsync<TaskFailedException>(() => home.ValidateAsync(attempt));

        (failure.Cause, failure.Retryable).ShouldBe((FailureCause.BadData, false));
        failure.Message.ShouldContain("missing_user: user_id is given: 1 row fails (25.0 %; allowed 10.0 %)");
        failure.Message.ShouldContain("reports/quality/shop/run-2/events/index.html");
        File.ReadAllText(home.Path_("reports/quality/shop/run-2/events/index.html")).ShouldContain("What stopped the run");
        (await home.QuarantineAsync()).Count.ShouldBe(3);
        (await home.Results.ListAsync(new QualityFilter(RunId: 2), CancellationToken.None)).ShouldHaveSingleItem().Outcome.ShouldBe("failed");
    }

    [Fact]
    public async Task Running_again_replaces_what_was_published()
    {
        await BronzeAsync(home.Attempt(runId: 3, attemptId: 31));
        await home.ValidateAsync(home.Attempt(runId: 3, attemptId: 32));
        var second = await home.ValidateAsync(home.Attempt(runId: 3, attemptId: 33));

        (await home.Results.ListAsync(new QualityFilter(RunId: 3), CancellationToken.None)).ShouldHaveSingleItem().AttemptId.ShouldBe(33);
        Directory.EnumerateFileSystemEntries(home.Path_("reports/quality/shop/run-3")).Select(Path.GetFileName).ShouldBe(["events"]);
        File.ReadAllText(home.Path_(second.ReportPath + "/index.html")).ShouldContain("attempt 33");
    }

    [Fact]
    public async Task A_fenced_attempt_leaves_nothing_visible()
    {
        await BronzeAsync(home.Attempt(runId: 4, attemptId: 41));

        await Should.ThrowAsync<AttemptFencedException>(() => home.ValidateAsync(home.Attempt(runId: 4, attemptId: 42, stale: true)));

        (await home.Results.ListAsync(new QualityFilter(RunId: 4), CancellationToken.None)).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(home.Path_("reports/quality/shop/run-4")).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_commit_fails_the_earlier_report_is_back_in_its_place()
    {
        await BronzeAsync(home.Attempt(runId: 7, attemptId: 71));
        var first = await home.ValidateAsync(home.Attempt(runId: 7, attemptId: 72));

        await Should.ThrowAsync<IOException>(() => home.ValidateAsync(home.Attempt(runId: 7, attemptId: 73, commits: false)));

        Directory.EnumerateFileSystemEntries(home.Path_("reports/quality/shop/run-7")).Select(Path.GetFileName).ShouldBe(["events"]);
        File.ReadAllText(home.Path_(first.ReportPath + "/index.html")).ShouldContain("attempt 72");
        (await home.Results.ListAsync(new QualityFilter(RunId: 7), CancellationToken.None)).ShouldHaveSingleItem().AttemptId.ShouldBe(72);
    }

    [Fact]
    public async Task An_entity_the_source_does_not_have_passes_with_an_empty_quarantine()
    {
        var attempt = home.Attempt(runId: 5, attemptId: 51);
        await attempt.PublishAsync(
            (scope, token) => home.Lake.PublishAsync(scope, attempt, new LakeTableName("bronze", "shop", "orders"), [], [], token), CancellationToken.None);

        var outputs = await home.ValidateAsync(attempt, entity: "orders");

        (outputs.RowsChecked, outputs.RowsQuarantined, outputs.Outcome).ShouldBe((0, 0, "passed"));
    }

    [Fact]
    public async Task An_unknown_entity_or_suite_is_said_with_what_there_is()
    {
        var attempt = home.Attempt(runId: 6, attemptId: 61);
        await BronzeAsync(attempt);

        (await Should.ThrowAsync<TaskFailedException>(() => home.ValidateAsync(attempt, entity: "returns"))).Message.ShouldContain("has events, orders");
        File.Delete(home.Path_("workflows/expectations/shop/events.json"));
        (await Should.ThrowAsync<TaskFailedException>(() => home.ValidateAsync(attempt))).Message.ShouldContain("There is no expectation suite 'shop/events'");
    }

    [Fact]
    public async Task A_run_is_compared_with_the_runs_before()
    {
        home.Write(
            "workflows/expectations/shop/visits.json",
            """
            { "name": "shop/visits", "expectations": [
              { "type": "expect_table_row_count_to_fit_history", "kwargs": {}, "severity": "warning", "meta": { "code": "volume" } },
              { "type": "expect_column_psi_to_be_less_than", "kwargs": { "column": "kind" }, "severity": "warning", "meta": { "code": "drift" } },
              { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "kind" }, "severity": "warning", "meta": { "code": "no_kind" } }
            ] }
            """);
        for (var run = 101; run <= 106; run++)
        {
            await VisitsAsync(run, rows: 1_000, nulls: 0, views: 500);
            (await home.ValidateAsync(home.Attempt(run, run * 10 + 1), entity: "visits")).Outcome.ShouldBe("passed");
        }
        await VisitsAsync(107, rows: 2_000, nulls: 400, views: 1_500);

        var outputs = await home.ValidateAsync(home.Attempt(107, 1071), entity: "visits");

        var expectations = await home.Results.ExpectationsAsync(outputs.ValidationResultId!.Value, CancellationToken.None);
        expectations.Where(e => !e.Success).Select(e => e.Code).ShouldBe(["volume", "drift", "no_kind"]);
        var unusual = (await home.Results.AnomaliesAsync(outputs.ValidationResultId!.Value, CancellationToken.None)).Where(figure => figure.IsAnomaly).ToList();
        unusual.Select(figure => figure.Metric).ShouldBe(["failing_share(no_kind)", "null_share(kind)", "observed(drift)", "observed(volume)", "rows_read"]);
        unusual[^1].ShouldSatisfyAllConditions(
            figure => (figure.Value, figure.Median, figure.Runs).ShouldBe((2_000, 1_000, 6)), figure => figure.High.ShouldBeInRange(1_100, 1_300));
        var page = File.ReadAllText(home.Path_(outputs.ReportPath + "/index.html"));
        page.ShouldContain("rows_read");
        page.ShouldContain("Last 6 runs and this one: failing rows");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => home.Dispose();

    private Task VisitsAsync(int run, int rows, int nulls, int views) => home.PublishAsync(
        home.Attempt(run, run * 10), new LakeTableName("bronze", "shop", "visits"),
        $"select case when i < {nulls} then null when i < {views} then 'view' else 'cart' end as kind, 'e.csv' as _file, i + 2 as _line from range({rows}) as r(i)");

    private async Task BronzeAsync(TaskContext attempt)
    {
        await home.PublishAsync(
            attempt, new LakeTableName("bronze", "shop", "events"),
            """
            select * from (values
              ('u1', 'p1', timestamp '2026-11-20 10:00', 'e.csv', 2::bigint),
              (null, 'p9', timestamp '2026-11-20 11:00', 'e.csv', 3),
              ('u' || chr(0), 'p' || chr(0), timestamp '2026-11-20 12:00', 'e.csv', 4),
              ('u3', null, timestamp '2027-01-01', 'e.csv', 5)
            ) as t (user_id, product_id, event_time, _file, _line)
            """);
        await home.PublishAsync(attempt, new LakeTableName("bronze", "shop", "products"), "select 'p1' as product_id, 'p.csv' as _file, 2::bigint as _line");
        await home.PublishAsync(
            attempt, new LakeTableName("rejects", "shop", "events"),
            "select 'e.csv' as file, 9::bigint as line, 'event_time' as column_name, 'parse_type' as rule, 'event_time: yesterday is no timestamp' as message, 'u4,p1,yesterday' as raw");
    }
}
