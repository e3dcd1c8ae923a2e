using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Tests.Api;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

/// <summary>A task group and a mapped task: one node on the canvas for many instances.</summary>
public sealed class InstanceGroupTests : IClassFixture<RunningServer>
{
    private readonly RunningServer server;

    public InstanceGroupTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task A_group_and_a_mapped_task_each_count_on_one_node()
    {
        server.Web.Script["stage.second"] = new StepPlan(FailedTries: 9);
        var id = await RunAsync("grouped");
        var root = (await server.ElsaAsync("/workflow-definitions/by-definition-id/grouped?versionOptions=Latest"))["root"]!;
        var group = root["activities"]!.AsArray().Single(a => (string?)a!["type"] == "Elsa.Flowchart")!;
        var mapped = root["activities"]!.AsArray().Single(a => (string?)a!["name"] == "each")!;

        var stats = (await server.PostAsync("/activity-executions/report", new { workflowInstanceId = id }))["stats"]!.AsArray().ToDictionary(s => (string)s!["activityNodeId"]!);

        Counts(stats[(string)mapped["nodeId"]!]!).ShouldBe((3, 3, 0, false));
        Counts(stats[(string)group["nodeId"]!]!).ShouldBe((1, 1, 0, true));
        var second = group["activities"]!.AsArray().Single(a => (string?)a!["name"] == "second")!;
        stats[(string)second["nodeId"]!]!["isFaulted"]!.GetValue<bool>().ShouldBeTrue();
        stats.Count.ShouldBe(4);

        var records = await ListAsync(id, (string)mapped["nodeId"]!);
        records.Select(r => r!["properties"]!["MapIndex"]!.GetValue<int>()).Order().ShouldBe([0, 1, 2]);
        records.Select(r => (string?)r!["id"]).Distinct().Count().ShouldBe(3);
        var whole = (await ListAsync(id, (string)group["nodeId"]!)).ShouldHaveSingleItem()!;
        (whole["status"]!.GetValue<string>(), whole["activityId"]!.GetValue<string>()).ShouldBe(("Faulted", group["id"]!.GetValue<string>()));
        (await server.ElsaAsync($"/activity-executions/by-id?id={(string)whole["id"]!}"))["activityNodeId"]!.GetValue<string>().ShouldBe((string)group["nodeId"]!);

        var journal = (await server.PostAsync($"/workflow-instances/{id}/journal?take=100", new { filter = new { activityNodeIds = new[] { (string)second["nodeId"]! } } }))["items"]!.AsArray();
        journal.Select(r => (string?)r!["eventName"]).ShouldContain("Faulted");
        journal.ShouldAllBe(r => (string?)r!["parentActivityInstanceId"] == (string?)whole["id"]);
        (await server.ElsaAsync($"/workflow-instances/{id}"))["workflowState"]!["incidents"]![0]!["activityNodeId"]!.GetValue<string>().ShouldBe((string)second["nodeId"]!);
    }

    [Fact]
    public async Task A_branch_says_which_way_it_went_and_a_question_shows_as_suspended()
    {
        await ImportAsync(new Dag(
            "forked", "forked", null, new DagSettings(), [],
            [
                new DagTask("fork", "Core.Branch", "fork", new JsonObject { ["outcomes"] = new JsonArray("left", "right"), ["choose"] = "left" }, new TaskSettings()),
                new DagTask("ask", "Core.Approval", "ask", new JsonObject { ["subject"] = "Go on?" }, new TaskSettings()),
                new DagTask("other", "Core.Approval", "other", new JsonObject { ["subject"] = "Not asked" }, new TaskSettings()),
            ],
            [new DagEdge("fork", "ask", "left"), new DagEdge("fork", "other", "right")]));
        (await server.Client.PostAsJsonAsync("/api/v2/dags/forked/dagRuns", new { dag_run_id = "fork-run" })).EnsureSuccessStatusCode();
        var id = await server.InstanceOfAsync("fork-run");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await server.ElsaAsync($"/workflow-instances/{id}/execution-state"))["subStatus"]!.GetValue<string>() != "Suspended")
            await Task.Delay(30, limit.Token);
        var nodes = (await server.PostAsync("/activity-executions/report", new { workflowInstanceId = id }))["stats"]!.AsArray().ToDictionary(s => (string)s!["activityId"]!);

        nodes["ask"]!["isBlocked"]!.GetValue<bool>().ShouldBeTrue();
        Counts(nodes["other"]!).ShouldBe((0, 0, 0, false));
        var fork = (await ListAsync(id, (string)nodes["fork"]!["activityNodeId"]!)).ShouldHaveSingleItem()!;
        fork["payload"]!["Outcomes"]!.ToJsonString().ShouldBe("""["left"]""");
        var ask = (await ListAsync(id, (string)nodes["ask"]!["activityNodeId"]!)).ShouldHaveSingleItem()!;
        (ask["status"]!.GetValue<string>(), ask["hasBookmarks"]!.GetValue<bool>()).ShouldBe(("Pending", true));
        var journal = (await server.PostAsync($"/workflow-instances/{id}/journal?take=100", new { filter = new { eventNames = new[] { "Suspended", "Skipped", "Completed" } } }))["items"]!.AsArray();
        journal.Select(r => ((string?)r!["activityId"], (string?)r["eventName"])).ShouldBe([("fork", "Completed"), ("other", "Skipped"), ("ask", "Suspended")], ignoreOrder: true);
        journal.Single(r => (string?)r!["activityId"] == "fork")!["payload"]!["Outcomes"]!.ToJsonString().ShouldBe("""["left"]""");
    }

    private async Task ImportAsync(Dag dag)
    {
        var registry = server.Web.Services.GetRequiredService<TaskRegistry>();
        var document = DagDocument.Parse(DagDocument.Create(dag, dag.DagId + ".json", registry).ToJson(), dag.DagId + ".json", registry);
        document.Problems.ShouldBeEmpty();
        await server.Web.Services.GetRequiredService<DagStore>().ImportAsync(document.Dag!, document.ToJson(), DagHash.Compute(document.Dag!), (string?)null, "test", CancellationToken.None);
    }

    private async Task<string> RunAsync(string dagId)
    {
        var inputs = new JsonObject { ["source"] = "shop" };
        var dag = new Dag(
            dagId, dagId, null, new DagSettings(), [new DagParam("items", "array", null, new JsonArray(1, 2, 3))],
            [
                new DagTask("each", "Ecom.Prepare", "each", (JsonObject)inputs.DeepClone(), new TaskSettings { MapOver = "params.items" }),
                new DagTask("stage.first", "Ecom.Prepare", "first", (JsonObject)inputs.DeepClone(), new TaskSettings(), "stage"),
                new DagTask("stage.second", "Ecom.Prepare", "second", (JsonObject)inputs.DeepClone(), new TaskSettings(), "stage"),
            ],
            [new DagEdge("stage.first", "stage.second")]);
        await ImportAsync(dag);
        (await server.Client.PostAsJsonAsync($"/api/v2/dags/{dagId}/dagRuns", new { dag_run_id = "one" })).EnsureSuccessStatusCode();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await server.GetAsync($"/api/v2/dags/{dagId}/dagRuns/one"))["state"]!.GetValue<string>() is not ("failed" or "success"))
            await Task.Delay(30, limit.Token);
        return await server.InstanceOfAsync("one");
    }

    private async Task<JsonArray> ListAsync(string id, string nodeId) =>
        (await server.ElsaAsync($"/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId={Uri.EscapeDataString(nodeId)}"))["items"]!.AsArray();

    private static (int Started, int Completed, int Uncompleted, bool Faulted) Counts(JsonNode stat) =>
        (stat["startedCount"]!.GetValue<int>(), stat["completedCount"]!.GetValue<int>(), stat["uncompletedCount"]!.GetValue<int>(), stat["isFaulted"]!.GetValue<bool>());
}
