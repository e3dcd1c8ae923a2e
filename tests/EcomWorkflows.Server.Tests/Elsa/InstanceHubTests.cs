using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using EcomWorkflows.Server.Tests.Api;
using EcomWorkflows.Testing.Web;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

public sealed class InstanceHubTests : IClassFixture<RunningServer>
{
    private static readonly string[] Round = ["ActivityExecutionLogUpdatedAsync", "WorkflowExecutionLogUpdatedAsync", "WorkflowInstanceUpdatedAsync"];

    private readonly RunningServer server;

    public InstanceHubTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task Observers_get_all_three_messages_on_each_change_and_at_the_end()
    {
        var gate = new TaskCompletionSource();
        server.Web.Script["prepare"] = new StepPlan(Gate: gate);
        var id = await StartAsync("live");
        await using var first = await HubConnection.OpenAsync(server.Client);
        await using var second = await HubConnection.OpenAsync(server.Client);
        await first.ObserveAsync(id);
        await second.ObserveAsync(id);
        JsonObject stats;
        do
            stats = await RoundAsync(first, id);
        while (Completed(stats, "prepare") is null);
        Completed(stats, "prepare").ShouldBe(0);

        gate.SetResult();

        foreach (var connection in new[] { first, second })
        {
            do
                stats = await RoundAsync(connection, id);
            while (((string[])["select_retention_targets", "check_score_drift", "evaluate_outcomes"]).Any(leaf => Completed(stats, leaf) != 1));
            stats["stats"]!.AsArray().Count.ShouldBe(19);
        }
        (await server.ElsaAsync($"/workflow-instances/{id}/execution-state"))["status"]!.GetValue<string>().ShouldBe("Finished");
    }

    [Fact]
    public async Task Changes_are_folded_to_about_one_round_a_second()
    {
        var gate = new TaskCompletionSource();
        server.Web.Script["prepare"] = new StepPlan(Gate: gate);
        var id = await StartAsync("folded");
        await using var connection = await HubConnection.OpenAsync(server.Client);
        await connection.ObserveAsync(id);
        await RoundAsync(connection, id);
        var since = TimeProvider.System.GetTimestamp();
        gate.SetResult();

        var rounds = 0;
        for (JsonObject? stats = null; stats is null || Completed(stats, "score_churn") != 1; rounds++)
            stats = await RoundAsync(connection, id);

        rounds.ShouldBeLessThanOrEqualTo(1 + (int)TimeProvider.System.GetElapsedTime(since).TotalSeconds);
    }

    [Fact]
    public async Task A_run_that_has_ended_is_told_once_and_an_unknown_one_not_at_all()
    {
        await server.RunToEndAsync("over");
        await using var connection = await HubConnection.OpenAsync(server.Client);

        await connection.ObserveAsync("999999");
        await connection.ObserveAsync(await server.InstanceOfAsync("over"));

        await RoundAsync(connection, await server.InstanceOfAsync("over"));
    }

    [Fact]
    public async Task Another_sites_page_cannot_listen() =>
        await Should.ThrowAsync<WebSocketException>(() => HubConnection.OpenAsync(server.Client, "http://evil.example"));

    private async Task<string> StartAsync(string name)
    {
        (await server.Client.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { dag_run_id = name })).EnsureSuccessStatusCode();
        return await server.InstanceOfAsync(name);
    }

    /// <summary>One round of messages, compared with those Studio is known to understand; returns the badges.</summary>
    private static async Task<JsonObject> RoundAsync(HubConnection connection, string id)
    {
        var samples = SampleShape.Sample("signalr-messages")["server_to_client"]!.AsArray();
        JsonObject? stats = null;
        foreach (var expected in Round)
        {
            var (target, argument) = await connection.MessageAsync();
            target.ShouldBe(expected);
            argument.ShouldHaveTheShapeOf(samples.Single(s => (string?)s!["target"] == target)!["arguments"]![0]);
            stats ??= argument.AsObject();
            if (argument["workflowInstanceId"] is { } instance)
                instance.GetValue<string>().ShouldBe(id);
        }
        return stats!;
    }

    private static int? Completed(JsonObject stats, string task) =>
        stats["stats"]!.AsArray().SingleOrDefault(s => (string?)s!["activityId"] == task)?["completedCount"]!.GetValue<int>();
}
