using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class SecretsApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Secret = "never-shown-again";

    [Fact]
    public async Task Variables_are_made_changed_listed_and_deleted_under_airflows_names()
    {
        var made = await server.Client.PostAsJsonAsync("/api/v2/variables", new { key = "region", value = "eu", description = "where" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await server.Client.PostAsJsonAsync("/api/v2/variables", new { key = "region", value = "us" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Client.PostAsJsonAsync("/api/v2/variables", new { key = "region" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Client.PostAsJsonAsync("/api/v2/variables", new { key = "a b", value = "x" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        await server.Client.PatchAsJsonAsync("/api/v2/variables/region", new { value = "us" });
        (await server.GetAsync("/api/v2/variables/region")).ToJsonString().ShouldBe("""{"key":"region","value":"us","description":"where","is_encrypted":false}""");
        (await server.GetAsync("/api/v2/variables"))["total_entries"]!.GetValue<int>().ShouldBeGreaterThan(0);

        (await server.Client.DeleteAsync("/api/v2/variables/region")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Client.DeleteAsync("/api/v2/variables/region")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.GetAsync("/api/v2/variables/region")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task No_answer_of_the_api_holds_a_secret()
    {
        var answers = new List<string>
        {
            await TextAsync(await server.Client.PostAsJsonAsync("/api/v2/variables", new { key = "token", value = Secret, is_secret = true })),
            await TextAsync(await server.Client.PostAsJsonAsync(
                "/api/v2/connections", new { connection_id = "shop", conn_type = "http", host = "shop.example", login = "ann", password = Secret, extra = $$"""{"api_key":"{{Secret}}","region":"eu"}""" })),
            await server.Client.GetStringAsync("/api/v2/variables"),
            await server.Client.GetStringAsync("/api/v2/variables/token"),
            await server.Client.GetStringAsync("/api/v2/connections"),
            await server.Client.GetStringAsync("/api/v2/connections/shop"),
            await TextAsync(await server.Client.PatchAsJsonAsync("/api/v2/connections/shop", new { host = "other.example" })),
            await server.Client.GetStringAsync("/api/v2/eventLogs"),
        };
        answers.ShouldAllBe(a => !a.Contains(Secret));

        var shop = await server.GetAsync("/api/v2/connections/shop");
        (shop["host"]!.GetValue<string>(), shop["login"]!.GetValue<string>(), shop["password"]!.GetValue<string>()).ShouldBe(("other.example", "ann", "***"));
        JsonNode.Parse(shop["extra"]!.GetValue<string>())!.ToJsonString().ShouldBe("""{"region":"eu","api_key":"***"}""");
        var opened = await server.Web.Services.GetRequiredService<Orchestration.Secrets.ConnectionStore>().ReadAsync("shop", CancellationToken.None);
        (opened.Password, opened.Extra("api_key")).ShouldBe((Secret, Secret));
    }

    [Fact]
    public async Task A_question_is_answered_once_and_by_one_of_its_options()
    {
        var dag = new Dag(
            "asks", "asks", null, new DagSettings(), [],
            [new DagTask("publish", "Core.Approval", "publish", new JsonObject { ["subject"] = "Publish?" }, new TaskSettings())], []);
        await server.Web.Services.GetRequiredService<DagStore>().ImportAsync(dag, "{}", "hash", default(SourceFile), "test", CancellationToken.None);
        (await server.Client.PostAsJsonAsync("/api/v2/dags/asks/dagRuns", new { dag_run_id = "one" })).EnsureSuccessStatusCode();
        const string Address = "/api/v2/dags/asks/dagRuns/one/taskInstances/publish";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await server.GetAsync(Address))["state"]?.GetValue<string>() != "awaiting_input")
            await Task.Delay(20, patience.Token);

        (await server.Client.PostAsJsonAsync($"{Address}/approval", new { decision = "perhaps" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var taken = await server.Client.PostAsJsonAsync($"{Address}/approval", new { decision = "approve", comment = "fine" });
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await taken.Content.ReadFromJsonAsync<JsonObject>())!["decision"]!.GetValue<string>().ShouldBe("approve");
        (await server.Client.PostAsJsonAsync($"{Address}/approval", new { decision = "approve" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        while ((await server.GetAsync(Address))["state"]?.GetValue<string>() != "success")
            await Task.Delay(20, patience.Token);
    }

    [Fact]
    public async Task Callbacks_are_listed_by_state()
    {
        (await server.GetAsync("/api/v2/callbacks?state=dead"))["callbacks"]!.AsArray().ShouldBeEmpty();
        (await server.Client.GetAsync("/api/v2/callbacks?state=lost")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }
}
