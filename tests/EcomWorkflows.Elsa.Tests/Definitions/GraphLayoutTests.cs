using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class GraphLayoutTests
{
    [Fact]
    public void Tasks_stand_right_of_all_their_upstreams_and_never_on_top_of_each_other()
    {
        var dag = Make(["a", "b", "c", "d", "e"], [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d"), ("d", "e")]);

        var places = GraphLayout.Arrange(dag);

        dag.Edges.ShouldAllBe(e => places[e.From].Column < places[e.To].Column);
        places.Values.ShouldBeUnique();
        places["a"].Row.ShouldBe(0.5);
    }

    [Fact]
    public void Straight_branches_do_not_cross()
    {
        var places = GraphLayout.Arrange(Make(["a1", "a2", "a3", "b3", "b2", "b1"], [("a1", "b1"), ("a2", "b2"), ("a3", "b3")]));

        places["b1"].Row.ShouldBe(places["a1"].Row);
        places["b3"].Row.ShouldBe(places["a3"].Row);
    }

    private static Dag Make(string[] tasks, (string From, string To)[] edges) => new(
        "d", "d", null, new DagSettings(), [], [.. tasks.Select(t => new DagTask(t, "Test.Copy", t, new JsonObject(), new TaskSettings()))],
        [.. edges.Select(e => new DagEdge(e.From, e.To))]);
}
