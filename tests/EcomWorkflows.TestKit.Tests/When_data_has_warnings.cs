using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Testing;
using Xunit;

namespace EcomWorkflows.TestKit.Tests;

/// <summary>The branch of docs/quality.md: warnings are told and a person is asked; a statement stands in for the validation and gives its outcome.</summary>
public sealed class When_data_has_warnings(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Somebody_is_told_and_asked_before_the_run_goes_on()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, _ => { });

        var run = await host.RunAsync(Dag("warned"));

        run.ShouldSucceed().TaskShouldBe("tell", "success").TaskShouldBe("ask", "success").TaskShouldBe("prepare", "success").ShouldTakeAtLeast(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Without_warnings_nobody_is_asked()
    {
        await using var host = await DagTestHost.StartAsync(postgres.ConnectionString, _ => { });

        var run = await host.RunAsync(Dag("passed"));

        run.ShouldSucceed().TaskShouldBe("tell", "skipped").TaskShouldBe("ask", "skipped").TaskShouldBe("prepare", "success");
    }

    private static Dag Dag(string outcome)
    {
        DagTask[] tasks =
        [
            Of("validate", "Core.Sql", new() { ["sql"] = $"select '{outcome}' as outcome" }),
            Of("how_good", "Core.Branch", new() { ["choose"] = "{{ tasks.validate.outputs.row.outcome }}", ["outcomes"] = new JsonArray("passed", "warned") }),
            Of("tell", "Core.Empty", []),
            Of("ask", "Core.Approval", new() { ["subject"] = "Go on?", ["timeoutSeconds"] = 3600, ["onTimeout"] = "approve" }),
            Of("prepare", "Core.Empty", [], new TaskSettings { TriggerRule = TriggerRule.NoneFailedMinOneSuccess }),
        ];
        DagEdge[] edges =
        [
            new("validate", "how_good"), new("how_good", "tell", "warned"), new("how_good", "ask", "warned"), new("ask", "prepare"), new("how_good", "prepare", "passed"),
        ];
        return new Dag("example", "example", null, new DagSettings(), [], tasks, edges);
    }

    private static DagTask Of(string id, string type, JsonObject inputs, TaskSettings? settings = null) => new(id, type, id, inputs, settings ?? new TaskSettings());
}
