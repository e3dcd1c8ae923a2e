using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

public class GraphPlacesTests
{
    private static readonly Dag Chain = new(
        "d", "d", null, new DagSettings(), [], [.. new[] { "a", "b" }.Select(t => new DagTask(t, "T", t, new JsonObject(), new TaskSettings()))], [new DagEdge("a", "b")]);

    [Fact]
    public void The_drawing_of_the_author_is_kept_but_closed_up()
    {
        var places = GraphPlaces.Of(Chain, new Dictionary<string, (double X, double Y)> { ["a"] = (40, 900), ["b"] = (2000, 40) });

        places["a"].ShouldBe((0, 1));
        places["b"].ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(500, 40)]
    [InlineData(60, 60)]
    public void A_drawing_that_runs_backwards_or_overlaps_is_laid_out_anew(double x, double y)
    {
        var places = GraphPlaces.Of(Chain, new Dictionary<string, (double X, double Y)> { ["a"] = (x, y), ["b"] = (50, 50) });

        places["a"].Column.ShouldBe(0);
        places["b"].Column.ShouldBe(1);
    }

    [Fact]
    public async Task Churn_daily_is_drawn_as_its_author_put_it()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "workflows", "churn-daily.json"));

        var drawn = CanvasPlaces.Read(document);

        drawn.Count.ShouldBe(19);
        drawn["select_retention_targets"].X.ShouldBe(drawn.Values.Max(p => p.X));
        CanvasPlaces.Read("no json").ShouldBeEmpty();
    }
}
