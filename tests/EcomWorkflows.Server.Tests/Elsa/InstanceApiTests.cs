using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Server.Tests.Api;
using EcomWorkflows.Testing.Web;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

public sealed class InstanceApiTests : IClassFixture<RunningServer>
{
    private readonly RunningServer server;

    public InstanceApiTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task A_failed_run_has_the_shape_studio_knows_everywhere()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 9);
        (await server.RunToEndAsync("shape", new { source = "online-retail" })).ShouldBe("failed");
        var id = await server.InstanceOfAsync("shape");

        (await server.PostAsync("/workflow-instances", new { page = 0, pageSize = 10 })).ShouldHaveTheShapeOf(SampleShape.Sample("workflow-instance-list"));
        var instance = await server.ElsaAsync($"/workflow-instances/{id}");
        instance.ShouldHaveTheShapeOf(SampleShape.Sample("workflow-instance"));
        (await server.ElsaAsync($"/workflow-instances/{id}/variables")).ShouldHaveTheShapeOf(SampleShape.Sample("workflow-instance-variables"));
        (await server.ElsaAsync($"/workflow-instances/{id}/execution-state")).ShouldHaveTheShapeOf(SampleShape.Sample("workflow-instance-execution-state"));
        (await server.PostAsync($"/workflow-instances/{id}/journal?skip=0&take=110", new { })).ShouldHaveTheShapeOf(SampleShape.Sample("workflow-instance-journal"));
        (await server.PostAsync("/activity-executions/report", new { workflowInstanceId = id })).ShouldHaveTheShapeOf(SampleShape.Sample("activity-execution-report"));
        var summaries = await server.ElsaAsync($"/activity-execution-summaries/list?WorkflowInstanceId={id}&ActivityNodeId={InstanceApi.Root}:train_churn");
        summaries.ShouldHaveTheShapeOf(SampleShape.Sample("activity-execution-summaries"));
        var last = (string)summaries["items"]!.AsArray()[^1]!["id"]!;
        (await server.ElsaAsync($"/activity-executions/by-id?id={last}")).ShouldHaveTheShapeOf(SampleShape.Sample("activity-execution-faulted"));
        (await server.ElsaAsync($"/activity-executions/{last}/call-stack?includeCrossWorkflowChain=True")).ShouldHaveTheShapeOf(SampleShape.Sample("activity-execution-call-stack"));
        (await server.ElsaAsync($"/resilience/retries/{last}")).ShouldHaveTheShapeOf(SampleShape.Sample("small-responses")["GET /resilience/retries/exec-extract_fx_rates"]);

        instance["definitionVersionId"]!.GetValue<string>().ShouldBe("churn-daily:1");
        (instance["status"]!.GetValue<string>(), instance["subStatus"]!.GetValue<string>()).ShouldBe(("Finished", "Faulted"));
        var incident = instance["workflowState"]!["incidents"]!.AsArray().ShouldHaveSingleItem()!;
        incident["activityNodeId"]!.GetValue<string>().ShouldBe($"{InstanceApi.Root}:train_churn");
        incident["exception"]!["message"]!.GetValue<string>().ShouldContain("orders.csv line 4711");
        instance["workflowState"]!["input"]!["source"]!.GetValue<string>().ShouldBe("online-retail");
        var variables = (await server.ElsaAsync($"/workflow-instances/{id}/variables"))["items"]!.AsArray();
        variables.Single(v => (string?)v!["id"] == "param-source")!["value"]!.GetValue<string>().ShouldBe("online-retail");
    }

    [Fact]
    public async Task Every_attempt_is_a_record_and_retries_are_told()
    {
        server.Web.Script["prepare"] = new StepPlan(FailedTries: 1);
        (await server.RunToEndAsync("tries")).ShouldBe("success");
        var id = await server.InstanceOfAsync("tries");
        var node = $"WorkflowInstanceId={id}&ActivityNodeId={InstanceApi.Root}:prepare";

        var list = (await server.ElsaAsync($"/activity-executions/list?{node}"))["items"]!.AsArray();
        list.Select(r => (string?)r!["status"]).ShouldBe(["Faulted", "Completed"]);
        list[0]!["exception"]!["type"]!.GetValue<string>().ShouldBe("EcomWorkflows.Orchestration.Tasks.TaskFailedException");
        list[1]!["outputs"]!["Rows"]!.GetValue<long>().ShouldBe(1234);
        list[1]!["activityState"]!["Source"]!.GetValue<string>().ShouldBe("{{ params.source }}");
        list[1]!["payload"]!["Outcomes"]![0]!.GetValue<string>().ShouldBe("Done");
        list.ShouldAllBe(r => r!["properties"]!.AsObject().Count > 0);
        list[1]!["properties"]!["Log"]!.GetValue<string>().ShouldBe("/dags/churn-daily/runs/tries/tasks/prepare?try=2");

        var retries = await server.ElsaAsync($"/resilience/retries/{(string)list[1]!["id"]!}");
        retries["totalCount"]!.GetValue<int>().ShouldBe(1);
        retries["items"]![0]!["details"]!["Cause"]!.GetValue<string>().ShouldBe("bad_data");
        (await server.StatAsync(id, "prepare"))!["metadata"]!["HasRetryAttempts"]!.GetValue<bool>().ShouldBeTrue();

        var stack = (await server.ElsaAsync($"/activity-executions/{(string)list[1]!["id"]!}/call-stack"))["items"]!.AsArray();
        stack[^1]!["activityId"]!.GetValue<string>().ShouldBe("prepare");
        stack[0]!["schedulingActivityExecutionId"].ShouldBeNull();
        stack.Select(r => r!["callStackDepth"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, stack.Count));
        stack.Skip(1).Zip(stack).ShouldAllBe(pair => (string?)pair.First!["schedulingActivityExecutionId"] == (string?)pair.Second!["id"]);
    }

    [Fact]
    public async Task The_journal_is_filtered_and_its_sequence_stays()
    {
        server.Web.Script["prepare"] = new StepPlan(FailedTries: 1);
        server.Web.Script["score_churn"] = new StepPlan(FailedTries: 9);
        await server.RunToEndAsync("journal");
        var id = await server.InstanceOfAsync("journal");

        var all = await JournalAsync(id, new { });
        all["totalCount"]!.GetValue<int>().ShouldBe(all["items"]!.AsArray().Count);
        Of(all, "sequence").ShouldBeInOrder();
        Of(all, "eventName").ShouldContain("Retrying");

        var faulted = await JournalAsync(id, new { filter = new { eventNames = new[] { "Faulted" }, excludedActivityTypes = new[] { "Elsa.Workflow", "Elsa.Flowchart" } } });
        faulted["items"]!.AsArray().Select(r => (string?)r!["activityId"]).ShouldBe(["score_churn"]);
        faulted["items"]![0]!["message"]!.GetValue<string>().ShouldContain("4711");
        faulted["items"]![0]!["payload"]!["Exception"]!.GetValue<string>().ShouldContain("TaskFailedException");

        var one = await JournalAsync(id, new { filter = new { activityNodeIds = new[] { $"{InstanceApi.Root}:prepare" } } });
        Of(one, "activityId").Distinct().ShouldBe(["prepare"]);
        Of(one, "eventName").ShouldBe(["Queued", "Started", "Retrying", "Queued", "Started", "Completed"]);
        var sequences = all["items"]!.AsArray().Where(r => (string?)r!["activityId"] == "prepare").Select(r => r!["sequence"]!.ToString());
        Of(one, "sequence").ShouldBe(sequences);
        (await JournalAsync(id, new { filter = new { activityIds = new[] { "prepare" } } })).ToJsonString().ShouldBe(one.ToJsonString());

        var runOnly = await JournalAsync(id, new { filter = new { activityNodeIds = new[] { InstanceApi.Root } } });
        Of(runOnly, "eventName").ShouldBe(["Queued", "Started", "Faulted"]);
        var second = await server.PostAsync($"/workflow-instances/{id}/journal?skip=2&take=3", new { });
        Of(second, "id").ShouldBe(Of(all, "id").Skip(2).Take(3));
        second["totalCount"]!.GetValue<int>().ShouldBe(all["totalCount"]!.GetValue<int>());

        // Whatever the journal points to can be opened.
        foreach (var execution in Of(all, "activityInstanceId").Distinct())
            (await server.ElsaAsync($"/activity-executions/by-id?id={execution}"))["workflowInstanceId"]!.GetValue<string>().ShouldBe(id);
    }

    [Fact]
    public async Task Badges_follow_the_states_of_the_tasks()
    {
        var gate = new TaskCompletionSource();
        server.Web.Script["prepare"] = new StepPlan(Gate: gate);
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 9);
        await server.PostAsync("/workflow-definitions/churn-daily/execute", new { input = new { source = "shop" } });
        var id = (await server.PostAsync("/workflow-instances", new { pageSize = 1 }))["items"]![0]!["id"]!.GetValue<string>();
        await Eventually(async () => (await server.StatAsync(id, "prepare")) is not null);

        Counts(await server.StatAsync(id, "prepare")).ShouldBe((1, 0, 1, false, false));
        Counts(await server.StatAsync(id, "ingest_events")).ShouldBe((1, 1, 0, false, false));
        (await server.StatAsync(id, "score_churn")).ShouldBeNull();
        (await server.ElsaAsync($"/workflow-instances/{id}"))["subStatus"]!.GetValue<string>().ShouldBe("Executing");
        (await server.ElsaAsync($"/activity-execution-summaries/list?WorkflowInstanceId={id}&ActivityNodeId={InstanceApi.Root}:prepare"))["items"]![0]!["status"]!.GetValue<string>().ShouldBe("Running");
        var before = (await server.ElsaAsync($"/workflow-instances/{id}/execution-state"))["updatedAt"]!.GetValue<DateTimeOffset>();

        gate.SetResult();
        await Eventually(async () => (await server.ElsaAsync($"/workflow-instances/{id}/execution-state"))["status"]!.GetValue<string>() == "Finished");

        (await server.ElsaAsync($"/workflow-instances/{id}/execution-state"))["updatedAt"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(before);
        var failed = (await server.StatAsync(id, "train_churn"))!;
        (failed["isFaulted"]!.GetValue<bool>(), failed["metadata"]!["HasRetryAttempts"]!.GetValue<bool>()).ShouldBe((true, true));
        Counts(await server.StatAsync(id, "score_churn")).ShouldBe((0, 0, 0, false, false));
        var skipped = await server.ElsaAsync($"/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId={InstanceApi.Root}:score_churn");
        skipped["items"]!.AsArray().ShouldHaveSingleItem()!["status"]!.GetValue<string>().ShouldBe("Canceled");
        (await server.ElsaAsync($"/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId={InstanceApi.Root}"))["items"]!.AsArray().ShouldHaveSingleItem()!["status"]!.GetValue<string>().ShouldBe("Faulted");
    }

    [Fact]
    public async Task The_run_button_starts_the_published_version_and_says_when_it_cannot()
    {
        var started = await server.Client.PostAsJsonAsync(
            "/elsa/api/workflow-definitions/churn-daily/execute", new { correlationId = "2031-05-06T00:00:00Z", versionOptions = "Latest", input = new { source = "retailrocket" } });

        started.Headers.GetValues("x-elsa-workflow-cannot-start").ShouldBe(["false"]);
        var id = started.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        var instance = await server.ElsaAsync($"/workflow-instances/{id}");
        instance["correlationId"]!.GetValue<string>().ShouldBe("2031-05-06T00:00:00Z");
        instance["workflowState"]!["input"]!["source"]!.GetValue<string>().ShouldBe("retailrocket");
        await server.WaitAsync(instance["name"]!.GetValue<string>());

        foreach (var (dag, body, reason) in new (string, object, string)[]
        {
            ("nope", new { }, "There is no DAG 'nope'."),
            ("churn-daily", new { input = new { sauce = "x" } }, "parameter 'sauce' is not declared"),
            ("churn-daily", new { versionOptions = "7" }, "version 7 cannot be started"),
            ("churn-daily", new { triggerActivityId = "prepare" }, "not at 'prepare'"),
            ("churn-daily", new { correlationId = "soon" }, "'soon' is no date and time"),
            ("churn-daily", new { correlationId = "2031-05-06T00:00:00Z" }, "already has a manual run"),
        })
        {
            var refused = await server.Client.PostAsJsonAsync($"/elsa/api/workflow-definitions/{dag}/dispatch", body);
            refused.StatusCode.ShouldBe(HttpStatusCode.OK);
            refused.Headers.GetValues("x-elsa-workflow-cannot-start").ShouldBe(["true"]);
            (await refused.Content.ReadFromJsonAsync<JsonObject>())!["problem"]!.GetValue<string>().ShouldContain(reason);
        }
    }

    [Fact]
    public async Task Active_runs_are_cancelled_and_only_ended_ones_deleted()
    {
        server.Web.Script["ingest_events"] = new StepPlan(Gate: new TaskCompletionSource());
        await server.Client.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { dag_run_id = "stop-me" });
        var id = await server.InstanceOfAsync("stop-me");
        await Eventually(async () => (await server.StatAsync(id, "ingest_events")) is not null);

        (await (await server.Client.DeleteAsync($"/elsa/api/workflow-instances/{id}")).RefusalAsync()).ToJsonString().ShouldContain("Cancel first, then delete");
        (await server.PostAsync("/bulk-actions/cancel/workflow-instances", new { definitionVersionId = "churn-daily:99" }))["cancelledCount"]!.GetValue<int>().ShouldBe(0);
        (await server.PostAsync("/bulk-actions/cancel/workflow-instances", new { definitionVersionId = "churn-daily:1" }))["cancelledCount"]!.GetValue<int>().ShouldBe(1);
        (await server.PostAsync($"/cancel/workflow-instances/{id}", new { }))["cancelledCount"]!.GetValue<int>().ShouldBe(0);

        var cancelled = await server.ElsaAsync($"/workflow-instances/{id}");
        (cancelled["subStatus"]!.GetValue<string>(), cancelled["incidentCount"]!.GetValue<int>()).ShouldBe(("Cancelled", 0));
        (await server.PostAsync("/workflow-instances", new { subStatuses = new[] { "Cancelled" } }))["items"]!.AsArray().Select(i => (string?)i!["id"]).ShouldBe([id]);
        var failed = await server.GetAsync("/api/v2/dags/churn-daily/dagRuns/stop-me/taskInstances?state=failed");
        (await JournalAsync(id, new { filter = new { eventNames = new[] { "Canceled" } } }))["totalCount"]!.GetValue<int>().ShouldBe(failed["total_entries"]!.GetValue<int>());

        (await server.Client.DeleteAsync($"/elsa/api/workflow-instances/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Client.GetAsync($"/elsa/api/workflow-instances/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { id } }))["deleted"]!.GetValue<int>().ShouldBe(0);
        (await server.GetAsync("/api/v2/eventLogs?dag_id=churn-daily&limit=1"))["event_logs"]![0]!["event"]!.GetValue<string>().ShouldBe("run_deleted");
    }

    [Fact]
    public async Task Runs_are_exported_and_not_imported()
    {
        await server.RunToEndAsync("export");
        var id = await server.InstanceOfAsync("export");

        var file = await server.Client.GetAsync($"/elsa/api/workflow-instances/{id}/export");
        file.Content.Headers.ContentDisposition!.FileName.ShouldBe($"workflow-instance-{id}.json");
        var document = (await file.Content.ReadFromJsonAsync<JsonObject>())!;
        document["workflowInstance"]!["name"]!.GetValue<string>().ShouldBe("export");
        document["activityExecutions"]!.AsArray().Count.ShouldBe(19);

        var many = await server.Client.PostAsJsonAsync("/elsa/api/bulk-actions/export/workflow-instances", new { ids = new[] { id } });
        using var archive = new ZipArchive(await many.Content.ReadAsStreamAsync());
        archive.Entries.ShouldHaveSingleItem().Name.ShouldBe($"workflow-instance-{id}.json");

        using var upload = new MultipartFormDataContent { { new StringContent("{}"), "files", "run.json" } };
        (await (await server.Client.PostAsync("/elsa/api/bulk-actions/import/workflow-instances", upload)).RefusalAsync())["files"]!.ToJsonString().ShouldContain("cannot be imported");
    }

    [Theory]
    [InlineData("""{"pageSize":0}""", "pageSize")]
    [InlineData("""{"page":-1}""", "page")]
    [InlineData("""{"status":"Sleeping"}""", "status")]
    [InlineData("""{"subStatuses":["Gone"]}""", "subStatus")]
    [InlineData("""{"orderBy":"Colour"}""", "orderBy")]
    [InlineData("""{"orderDirection":"Up"}""", "orderDirection")]
    [InlineData("""{"timestampFilters":[{"column":"DeletedAt","operator":"Is","timestamp":"2026-01-01T00:00:00Z"}]}""", "timestampFilters")]
    [InlineData("""{"timestampFilters":[{"column":"CreatedAt","operator":"Near","timestamp":"2026-01-01T00:00:00Z"}]}""", "timestampFilters")]
    [InlineData("""{"timestampFilters":[{"column":"CreatedAt","operator":"Is"}]}""", "timestampFilters")]
    public async Task A_list_request_that_makes_no_sense_names_its_field(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        (await (await server.Client.PostAsync("/elsa/api/workflow-instances", content)).RefusalAsync()).Select(e => e.Key).ShouldBe([field]);
    }

    [Theory]
    [InlineData("/workflow-instances/999999")]
    [InlineData("/workflow-instances/abc")]
    [InlineData("/activity-executions/by-id?id=attempt-999999")]
    [InlineData("/activity-executions/by-id?id=task-999999")]
    [InlineData("/activity-executions/by-id?id=group-999999:x")]
    [InlineData("/activity-executions/by-id?id=what")]
    [InlineData("/activity-executions/what/call-stack")]
    [InlineData("/resilience/retries/what")]
    public async Task What_does_not_exist_is_not_found(string path) =>
        (await server.Client.GetAsync("/elsa/api" + path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    private static (int, int, int, bool, bool) Counts(JsonObject? stat) => (
        stat!["startedCount"]!.GetValue<int>(), stat["completedCount"]!.GetValue<int>(), stat["uncompletedCount"]!.GetValue<int>(),
        stat["isBlocked"]!.GetValue<bool>(), stat["isFaulted"]!.GetValue<bool>());

    private static IReadOnlyList<string?> Of(JsonObject page, string member) => [.. page["items"]!.AsArray().Select(r => r![member]?.ToString())];

    private Task<JsonObject> JournalAsync(string id, object body) => server.PostAsync($"/workflow-instances/{id}/journal?skip=0&take=1000", body);

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds())
            await Task.Delay(20, limit.Token);
    }
}
