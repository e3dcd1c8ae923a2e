using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Callbacks;

/// <summary>From values that have drifted to the program that a DAG's callback tells of it: real tasks, a real node, a real receiver.</summary>
public sealed class When_drift_is_told(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Views =
        """
        { "views": [
          { "name": "basket", "description": "d", "entities": ["customer"], "source": { "push": true },
            "features": [ { "name": "basket_value", "type": "double", "description": "d" }, { "name": "pieces", "type": "double", "description": "d" } ] },
          { "name": "wishes", "description": "d", "entities": ["customer"], "source": { "push": true },
            "features": [ { "name": "basket_value", "type": "double", "description": "d" }, { "name": "pieces", "type": "double", "description": "d" } ] } ] }
        """;

    private const string Source =
        """
        { "source": "tiny", "description": "Hand-made", "entities": {}, "silver": {}, "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 10, "embargoDays": 1 } }
        """;

    private WebServer server = null!;
    private LocalHttp receiver = null!;

    public async Task InitializeAsync()
    {
        receiver = await LocalHttp.StartAsync(_ => Results.Ok());
        server = await WebServer.StartAsync(postgres.ConnectionString, scripted: false);
        await WriteAsync("features/baskets.json", Views);
        await WriteAsync("sources/tiny.json", Source);
        await server.Services.GetRequiredService<FeatureApplication>().ApplyAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_feature_that_drifted_is_told_once_by_the_callback_of_its_DAG_and_steady_ones_are_not()
    {
        await ImportAsync("features", Materialize("basket"), Check("basket"));
        await PushAsync("basket", "2026-01-01", factor: 1);
        await PushAsync("basket", "2026-02-01", factor: 1);
        (await RunAsync("features")).ShouldBe("success");
        await AllToldAsync();
        receiver.Requests.ShouldBeEmpty();

        await PushAsync("basket", "2026-03-01", factor: 3);
        (await RunAsync("features")).ShouldBe("failed");

        await AllToldAsync();
        var told = JsonNode.Parse(receiver.Requests.ShouldHaveSingleItem().Body)!;
        ((string)told["event"]!, (string)told["about"]!, (string)told["dag_id"]!, (string)told["state"]!).ShouldBe(("failure", "run", "features", "failed"));
        var failed = told["failed_tasks"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)failed["task_id"]!).ShouldBe("check");
        ((string)failed["message"]!).ShouldStartWith("1 of 2 features of basket v1 drifted between 2026-02-01 and 2026-03-01: basket_value (PSI ");
        ((string)failed["message"]!).ShouldContain("/features/basket");
        (await server.Client.GetStringAsync("/features/basket")).ShouldContain("drifted");
    }

    [Fact]
    public async Task Scores_that_drifted_are_told_once_by_the_callback_of_their_DAG()
    {
        await ScoreAsync("2026-01-01", shift: 0);
        await ScoreAsync("2026-01-02", shift: 0);
        await ImportAsync("scores", Activity("check", "Ecom.CheckScoreDrift", new() { ["source"] = "tiny" }));
        (await RunAsync("scores")).ShouldBe("success");
        await AllToldAsync();
        receiver.Requests.ShouldBeEmpty();

        await ScoreAsync("2026-01-03", shift: 0.3);
        (await RunAsync("scores")).ShouldBe("failed");

        await AllToldAsync();
        var failed = JsonNode.Parse(receiver.Requests.ShouldHaveSingleItem().Body)!["failed_tasks"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)failed["message"]!).ShouldStartWith("The scores of tiny as of 2026-01-03 by tiny_churn v1 drifted: against the scoring before (v1) of 2026-01-02 PSI is ");
    }

    [Fact]
    public async Task Drift_that_fails_nothing_is_told_by_a_task_on_a_branch()
    {
        var check = Check("wishes");
        check["failOnDrift"] = Literal("Boolean", false);
        var how = Activity("how", "Core.Branch", new() { ["choose"] = "{{ tasks.check.outputs.outcome }}" });
        how["outcomes"] = new JsonObject { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = """["drifted","steady"]""" } };
        var tell = Activity("tell", "Core.Empty", []);
        tell["callbacks"] = Callbacks("success");
        await ImportAsync("wishes", Materialize("wishes"), check, how, tell);
        await PushAsync("wishes", "2026-01-01", factor: 1);
        await PushAsync("wishes", "2026-02-01", factor: 1);
        (await RunAsync("wishes")).ShouldBe("success");
        await PushAsync("wishes", "2026-03-01", factor: 3);
        (await RunAsync("wishes")).ShouldBe("success", "it only warns");

        await AllToldAsync();
        var told = JsonNode.Parse(receiver.Requests.ShouldHaveSingleItem().Body)!;
        ((string)told["event"]!, (string)told["task_id"]!).ShouldBe(("success", "tell"));
    }

    private static JsonObject Materialize(string view) => Activity("materialize", "Ecom.MaterializeFeatures", new() { ["view"] = view });

    private static JsonObject Check(string view) => Activity("check", "Ecom.CheckFeatureDrift", new() { ["view"] = view });

    private static JsonObject Activity(string id, string type, Dictionary<string, string> inputs)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1, ["retries"] = Literal("Int32", 0) };
        foreach (var (name, value) in inputs)
            activity[name] = Literal("String", value);
        return activity;
    }

    private static JsonObject Literal(string type, JsonNode value) =>
        new() { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    private JsonObject Callbacks(string happened) => new()
    {
        ["typeName"] = "Object",
        ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = $$"""[{"on": ["{{happened}}"], "webhook": "{{receiver.Address}}hook"}]""" },
    };

    /// <summary>A DAG of these tasks one after the other, whose failures are told; a branch goes on by its first port.</summary>
    private async Task ImportAsync(string dagId, params JsonObject[] activities)
    {
        var connections = activities.Zip(activities.Skip(1), (from, to) => (JsonNode)new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = (string)from["id"]!, ["port"] = (string)from["type"]! == "Core.Branch" ? "drifted" : "Done" },
            ["target"] = new JsonObject { ["activity"] = (string)to["id"]!, ["port"] = "In" },
        });
        var definition = new JsonObject
        {
            ["definitionId"] = dagId,
            ["name"] = dagId,
            ["version"] = 1,
            ["root"] = new JsonObject
            {
                ["id"] = "root", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["callbacks"] = Callbacks("failure"),
                ["activities"] = new JsonArray([.. activities]), ["connections"] = new JsonArray([.. connections]),
            },
        };
        var document = DagDocument.Parse(definition.ToJsonString(), $"{dagId}.json", server.Services.GetRequiredService<TaskRegistry>());
        document.Problems.ShouldBeEmpty();
        await server.Services.GetRequiredService<DagStore>().ImportAsync(
            document.Dag!, document.ToJson(), DagHash.Compute(document.Dag!), document.FileName, "test", CancellationToken.None);
    }

    private async Task<string> RunAsync(string dagId)
    {
        var started = await server.Client.PostAsJsonAsync($"/api/v2/dags/{dagId}/dagRuns", new { });
        started.StatusCode.ShouldBe(HttpStatusCode.OK, await started.Content.ReadAsStringAsync());
        var run = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["dag_run_id"]!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var state = (string)(await server.Client.GetFromJsonAsync<JsonObject>($"/api/v2/dags/{dagId}/dagRuns/{run}", patience.Token))!["state"]!;
            if (state is "success" or "failed")
                return state;
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task PushAsync(string view, string day, double factor)
    {
        int[] customers = [.. Enumerable.Range(0, 400)];
        var pushed = await server.Client.PostAsJsonAsync("/push", new
        {
            push_source_name = view,
            to = "offline",
            df = new
            {
                customer_id = customers.Select(c => $"C{c}"),
                event_timestamp = customers.Select(_ => $"{day}T00:00:00Z"),
                basket_value = customers.Select(c => (10 + (c % 50)) * factor),
                pieces = customers.Select(c => 1.0 + (c % 5)),
            },
        });
        pushed.StatusCode.ShouldBe(HttpStatusCode.OK, await pushed.Content.ReadAsStringAsync());
    }

    private async Task ScoreAsync(string day, double shift)
    {
        var table = $"churn_score_d{day.Replace("-", "", StringComparison.Ordinal)}";
        await using var command = server.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"""
            insert into gold.churn_scoring (source, as_of, model_name, model_version, threshold, outcome_days, feature_view, feature_view_version, features_snapshot_id, training_dataset_tag,
              customers, at_risk, scores_table, run_id, attempt_id, scored_at)
            values ('tiny', '{day}Z', 'tiny_churn', 1, 0.5, 10, 'tiny_customer_activity', 1, 1, null, 500, 250, '{table}', 1, 1, '{day}Z');

            create table gold.{table} (like gold.churn_score including constraints);

            insert into gold.{table}
            select 'tiny', '{day}Z', 'C' || c, 0.2 + 0.4 * c / 500 + {shift.ToString(CultureInfo.InvariantCulture)}, 1, null
            from generate_series(0, 499) c;

            alter table gold.churn_score attach partition gold.{table} for values from ('tiny', '{day}Z') to ('tiny', '{day} 00:00:01Z');
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until nothing is left to be told.</summary>
    private async Task AllToldAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var outbox = server.Services.GetRequiredService<OutboxStore>();
        while ((await outbox.ListAsync(null, "pending", 1, 0, patience.Token)).Count > 0)
            await Task.Delay(20, patience.Token);
    }

    private async Task WriteAsync(string file, string text)
    {
        var path = Path.Combine(server.Home, "workflows", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
    }
}
