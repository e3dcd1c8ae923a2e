using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Secrets;

public sealed class When_secrets_are_stored(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Secret = "s3cret \"quoted\" & long";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_database_holds_ciphertext_and_the_key_is_a_file_of_mode_600()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.Get<VariableStore>().SetAsync("token", Secret, isSecret: true, "for the shop", "ann", None);
        await orchestrator.Get<ConnectionStore>().SetAsync(
            new ConnectionChange("shop", "http", "shop.example", Password: Secret, Extra: new JsonObject { ["api_key"] = Secret, ["region"] = "eu" }), "ann", None);

        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        var stored = await connection.QueryAsync<string>(
            """
            select row_to_json(v)::text || encode(secret, 'escape') from orchestration.variable v where secret is not null
            union all select row_to_json(c)::text || encode(secrets, 'escape') from orchestration.connection c where secrets is not null
            union all select row_to_json(e)::text from orchestration.event e
            """);
        stored.ShouldAllBe(row => !row.Contains("s3cret"));
        var keyFile = Path.Combine(orchestrator.Get<OrchestrationOptions>().KeyFolder!, SecretBox.KeyFileName);
        File.GetUnixFileMode(keyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await orchestrator.Get<VariableStore>().GetAsync("token", None)).ShouldSatisfyAllConditions(v => v.Value.ShouldBeNull(), v => v.IsSecret.ShouldBeTrue());
        var shown = await orchestrator.Get<ConnectionStore>().GetAsync("shop", None);
        shown.SecretFields.ShouldBe(["extra.api_key", "password"]);
        shown.Extra.ToJsonString().ShouldBe("""{"region":"eu"}""");
        var opened = await orchestrator.Get<ConnectionStore>().ReadAsync("shop", None);
        (opened.Password, opened.Extra("api_key"), opened.Extra("region")).ShouldBe((Secret, Secret, "eu"));
    }

    [Fact]
    public async Task A_change_without_the_secret_keeps_it_and_an_empty_password_removes_it()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var connections = orchestrator.Get<ConnectionStore>();
        await connections.SetAsync(new ConnectionChange("kept", "http", Password: Secret, Extra: new JsonObject { ["token"] = "abcdef" }), "ann", None);

        await connections.SetAsync(new ConnectionChange("kept", "http", "elsewhere", Extra: new JsonObject { ["token"] = "***" }), "ann", None);
        var kept = await connections.ReadAsync("kept", None);
        (kept.Password, kept.Extra("token"), kept.Info.Host).ShouldBe((Secret, "abcdef", "elsewhere"));

        await connections.SetAsync(new ConnectionChange("kept", "http", Password: ""), "ann", None);
        (await connections.GetAsync("kept", None)).SecretFields.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_task_gets_the_secret_by_template_and_no_log_message_output_or_event_shows_it()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) =>
        {
            context.Logger.LogInformation("signing in with {Password} as {Encoded}", Secret, Uri.EscapeDataString(Secret));
            return Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs($"used {Secret}"));
        };
        scripts.ByTask["b"] = (_, _) => throw new TaskFailedException($"refused {Secret}", retryable: false);
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange("masked", "http", Password: Secret), "ann", None);
        // A second program, which has not seen the secret being set.
        await using var other = await TestOrchestrator.CreateAsync(
            postgres, scripts, o => o with { KeyFolder = orchestrator.Get<OrchestrationOptions>().KeyFolder });
        await other.StartAsync();
        var dag = DagFactory.Make("a; b");
        dag = dag with { Tasks = [.. dag.Tasks.Select(t => t with { Inputs = new JsonObject { ["text"] = "{{ conn.masked.password }}" } })] };

        var run = await other.RunAsync(dag);

        var attempts = await other.Runs.AttemptsAsync(run, null, None);
        attempts.Select(a => a.Outputs ?? a.Message).ShouldBe(["""{"said": "used ***"}""", "refused ***"], ignoreOrder: true);
        var everything = new StringBuilder();
        foreach (var attempt in attempts)
            everything.AppendJoin('\n', (await other.Get<LogStore>().ReadAsync(attempt.AttemptId, 0, 100, None)).Select(l => l.ToString())).Append(attempt.Exception);
        everything.AppendJoin('\n', (await other.Get<EventLog>().ListAsync(null, run, null, 100, null, None)).Select(e => e.ToString()));
        everything.AppendJoin('\n', (await other.Runs.TaskInstancesAsync(run, None)).Select(t => t.ToString()));
        everything.ToString().ShouldNotContain("s3cret");
        everything.ToString().ShouldContain("signing in with *** as ***");
    }

    [Fact]
    public async Task A_variable_that_is_not_set_fails_the_task_with_what_to_do()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        var dag = DagFactory.Make("a", new TaskSettings { Retries = 3 });
        dag = dag with { Tasks = [dag.Tasks[0] with { Inputs = new JsonObject { ["text"] = "{{ var.nowhere }}" } }] };

        var run = await orchestrator.RunAsync(dag);

        (await orchestrator.Runs.AttemptsAsync(run, "a", None)).ShouldHaveSingleItem().Message
            .ShouldBe("The inputs of task 'a' cannot be filled in: {{ var.nowhere }} has no value: variable 'nowhere' is not set (./ecom variables set nowhere). Add | default: '…' if that is meant to happen.");
    }

    [Fact]
    public async Task Upstream_outputs_reach_a_task_with_text_where_it_wants_text()
    {
        var said = "";
        var scripts = new Scripts();
        scripts.ByTask["a"] = (_, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("42"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var dag = DagFactory.Make("a>b");
        dag = dag with { Tasks = [.. dag.Tasks.Select(t => t.TaskId == "b" ? t with { Inputs = new JsonObject { ["text"] = "{{ tasks.a.outputs.said | size }}" } } : t)] };

        var run = await orchestrator.RunAsync(dag);
        said = (await orchestrator.Runs.AttemptsAsync(run, "b", None)).ShouldHaveSingleItem().Outputs;

        said.ShouldBe("""{"said": "b#1:2"}""");
    }

    [Fact]
    public async Task A_secret_of_another_key_a_moved_one_and_an_open_key_file_are_refused_with_what_to_do()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var box = orchestrator.Get<SecretBox>();
        var sealed1 = box.Seal("abc", "variable:one");
        Should.Throw<SecretException>(() => box.Open(sealed1, "variable:two")).Message.ShouldContain("belongs to something else");
        box.Open(sealed1, "variable:one").ShouldBe("abc");

        await using var other = await TestOrchestrator.CreateAsync(postgres);
        other.Get<SecretBox>().Seal("x", "y");
        Should.Throw<SecretException>(() => other.Get<SecretBox>().Open(sealed1, "variable:one")).Message.ShouldContain("was stored with another key");

        var keyFolder = orchestrator.Get<OrchestrationOptions>().KeyFolder!;
        File.SetUnixFileMode(Path.Combine(keyFolder, SecretBox.KeyFileName), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var open = new SecretBox(new OrchestrationOptions { WorkRoot = "/tmp", KeyFolder = keyFolder });
        Should.Throw<SecretException>(() => open.Open(sealed1, "variable:one")).Message.ShouldContain("chmod 600");
        var absent = new SecretBox(new OrchestrationOptions { WorkRoot = "/tmp", KeyFolder = Path.Combine(keyFolder, "none") });
        Should.Throw<SecretException>(() => absent.Open(sealed1, "variable:one")).Message.ShouldContain("is missing");
    }

    [Theory]
    [InlineData("a b", "postgres", 5432, "cannot be a connection's name")]
    [InlineData("a", "Postgres!", 5432, "cannot be a connection's type")]
    [InlineData("a", "postgres", 70000, "Port 70000 is out of range")]
    public async Task A_connection_that_cannot_be_is_refused(string name, string type, int port, string message)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        (await Should.ThrowAsync<OrchestrationException>(() => orchestrator.Get<ConnectionStore>().SetAsync(new ConnectionChange(name, type, Port: port), "ann", None)))
            .Message.ShouldContain(message);
    }
}
