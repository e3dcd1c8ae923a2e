using System.Diagnostics;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

public sealed class When_built_in_tasks_run(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Empty_succeeds_and_fail_fails_with_its_message_at_once_or_after_its_retries()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();

        (await orchestrator.RunAsync("Core.Empty", [])).State.ShouldBe("success");
        var failed = await orchestrator.RunAsync("Core.Fail", new JsonObject { ["message"] = "stop here", ["cause"] = "bad_data" }, new TaskSettings { Retries = 3 });
        (failed.State, failed.TryNumber, failed.Cause).ShouldBe(("failed", 1, "bad_data"));
        failed.Message.ShouldNotBeNull().ShouldStartWith("stop here");
        var retried = await orchestrator.RunAsync("Core.Fail", new JsonObject { ["retryable"] = true }, new TaskSettings { Retries = 2, RetryDelay = TimeSpan.Zero });
        retried.TryNumber.ShouldBe(3);
    }

    [Fact]
    public async Task Wait_takes_its_time_and_one_in_the_past_none()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var started = Stopwatch.GetTimestamp();
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["seconds"] = 0.3 })).State.ShouldBe("success");
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.3));
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["until"] = "2020-01-01T00:00:00Z" })).State.ShouldBe("success");
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["until"] = "{{ ts }}" })).State.ShouldBe("success");
        (await orchestrator.RunAsync("Core.Wait", [])).Message.ShouldNotBeNull().ShouldContain("needs either seconds or until");
        (await orchestrator.RunAsync("Core.Wait", new JsonObject { ["seconds"] = -1 })).Message.ShouldNotBeNull().ShouldContain("allowed are 0 to 31536000");
    }

    [Theory]
    [InlineData('x', 5_000_000, "failed")]
    [InlineData('é', 1_000_000, "success")]
    public async Task Outputs_of_any_task_have_a_limit_that_counts_what_is_kept(char letter, int count, string state)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        orchestrator.Scripts.ByTask["a"] = (_, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs(new string(letter, count)));

        var done = await orchestrator.RunAsync("Test.Scripted", []);

        done.State.ShouldBe(state);
        if (state == "failed")
            done.Message.ShouldNotBeNull().ShouldStartWith("The outputs of the task are 4.8 MiB of JSON, most of it in 'said'; at most 4 MiB are kept. Let it give less");
    }

    [Fact]
    public async Task Http_sends_method_headers_and_body_signs_in_and_reads_json()
    {
        await using var server = await LocalHttp.StartAsync(_ => Results.Json(new { id = 7 }, statusCode: 201));
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(
            new ConnectionChange("api", "http", server.Address.ToString(), Login: "ann", Password: "geheim-1"), "test", None);

        var done = await orchestrator.RunAsync("Core.Http", new JsonObject
        {
            ["url"] = "orders?day={{ ds_nodash }}", ["method"] = "POST", ["connection"] = "api", ["body"] = """{"run":"{{ run_id }}"}""",
            ["headers"] = new JsonObject { ["X-Shop"] = "eu" }, ["expectedStatus"] = new JsonArray(201),
        });

        done.Outputs()["json"]!["id"]!.GetValue<int>().ShouldBe(7);
        var request = server.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Path.ShouldStartWith("/orders?day=20");
        request.Body.ShouldContain("manual__");
        request.Headers["X-Shop"].ShouldBe("eu");
        request.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("ann:geheim-1"u8));
    }

    [Fact]
    public async Task Http_fails_on_an_unexpected_status_a_timeout_a_dead_host_and_never_sends_credentials_elsewhere()
    {
        await using var server = await LocalHttp.StartAsync(r => r.Path.StartsWith("/slow", StringComparison.Ordinal) ? new Slow() : Results.Text("no such order", statusCode: 404));
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("api2", "http", "api.example", Password: "geheim-2", Login: "ann"), "test", None);

        var refused = await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = $"{server.Address}orders/1" });
        refused.Message.ShouldNotBeNull().ShouldContain("answered 404; expected 200 to 299. It said: no such order");
        var slow = await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = $"{server.Address}slow", ["requestTimeoutSeconds"] = 0.3 });
        (slow.Cause, slow.State).ShouldBe(("timeout", "failed"));
        (await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = "http://127.0.0.1:9/" })).Message.ShouldNotBeNull().ShouldContain("GET http://127.0.0.1:9/ failed");
        (await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = "orders" })).Message.ShouldNotBeNull().ShouldContain("is no http or https address");
        (await orchestrator.RunAsync("Core.Http", new JsonObject { ["url"] = $"{server.Address}steal", ["connection"] = "api2" }))
            .Message.ShouldNotBeNull().ShouldContain("its credentials are not sent elsewhere");
        server.Requests.ShouldNotContain(r => r.Path == "/steal");
    }

    [Fact]
    public async Task Http_follows_redirects_on_the_same_server_with_its_headers_and_leads_them_nowhere_else()
    {
        await using var elsewhere = await LocalHttp.StartAsync(_ => Results.Text("stolen"));
        await using var server = await LocalHttp.StartAsync(r => r.Path switch
        {
            "/old" => Results.Redirect("/new"),
            "/kept" => Results.Redirect("/new", preserveMethod: true),
            "/round" => Results.Redirect("/round"),
            "/away" => Results.Redirect($"{elsewhere.Address}take?token=1"),
            _ => Results.Json(new { id = 7 }),
        });
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("moved", "http", server.Address.ToString(), Login: "ann", Password: "geheim-3"), "test", None);
        JsonObject Call(string path) => new()
        {
            ["url"] = path, ["method"] = "POST", ["connection"] = "moved", ["body"] = "{}", ["headers"] = new JsonObject { ["X-Api-Key"] = "key-3" },
        };

        (await orchestrator.RunAsync("Core.Http", Call("old"))).Outputs()["json"]!["id"]!.GetValue<int>().ShouldBe(7);
        (await orchestrator.RunAsync("Core.Http", Call("kept"))).Outputs()["json"]!["id"]!.GetValue<int>().ShouldBe(7);
        var round = await orchestrator.RunAsync("Core.Http", Call("round"));
        var away = await orchestrator.RunAsync("Core.Http", Call("away"));

        server.Requests.Where(r => r.Path == "/new").Select(r => $"{r.Method} {r.Body}").ShouldBe(["GET ", "POST {}"]);
        server.Requests.ShouldAllBe(r => r.Headers["X-Api-Key"] == "key-3" && r.Headers["Authorization"].StartsWith("Basic "));
        server.Requests.Count(r => r.Path == "/round").ShouldBe(6);
        round.Message.ShouldNotBeNull().ShouldContain("answered 302; expected 200 to 299. It leads to");
        away.Message.ShouldNotBeNull().ShouldContain($"It leads to {elsewhere.Address}take; redirects are followed on the same server only");
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Code_inputs_take_no_templates()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var registry = orchestrator.Get<TaskRegistry>();
        var problems = TemplateValidator.Problems(BuiltInDag.Single("Core.Sql", new JsonObject { ["sql"] = "select '{{ ds }}'" }), registry);
        problems.ShouldHaveSingleItem().Message.ShouldContain("takes no templates");
        TemplateValidator.Problems(BuiltInDag.Single("Core.Shell", new JsonObject { ["command"] = "echo {{ ds }}" }), registry).ShouldHaveSingleItem();
    }

    private sealed class Slow : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Task.Delay(TimeSpan.FromSeconds(20), httpContext.RequestAborted);
    }
}
