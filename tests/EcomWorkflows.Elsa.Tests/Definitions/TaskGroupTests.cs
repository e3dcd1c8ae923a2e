using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class TaskGroupTests
{
    [Fact]
    public void Tasks_of_a_group_carry_its_path_and_edges_connect_its_first_and_last_tasks()
    {
        var dag = Nested().Parse().Dag.ShouldNotBeNull();

        dag.Tasks.Select(t => (t.TaskId, t.Group)).ShouldBe(
            [("first", null), ("second", null), ("load.a", "load"), ("load.b", "load"), ("load.deep.c", "load.deep"), ("load.deep.d", "load.deep")], ignoreOrder: true);
        dag.Edges.Select(e => $"{e.From}>{e.To}").ShouldBe(
            ["first>second", "first>load.a", "first>load.b", "load.a>load.deep.c", "load.deep.c>load.deep.d", "load.b>second", "load.deep.d>second"], ignoreOrder: true);
    }

    [Fact]
    public void Opening_and_saving_a_document_with_groups_keeps_it()
    {
        var document = Nested();
        document["root"]!["activities"]![2]!["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 7, ["y"] = 9 } } };
        var read = document.Parse();
        var once = DagDocument.Create(read.Dag.ShouldNotBeNull(), "x.json", FakeTasks.Registry, read.Raw);
        var again = DagDocument.Parse(once.ToJson(), "x.json", FakeTasks.Registry);

        again.Problems.ShouldBeEmpty();
        DagHash.Compute(again.Dag!).ShouldBe(DagHash.Compute(read.Dag!));
        DagDocument.Create(again.Dag!, "x.json", FakeTasks.Registry, again.Raw).ToJson().ShouldBe(once.ToJson());
        var group = once.Raw.Activity(2);
        group["metadata"]!["designer"]!["position"]!["x"]!.GetValue<int>().ShouldBe(7);
        once.Raw["root"]!["connections"]!.AsArray().Count.ShouldBe(3);
        group["activities"]!.AsArray().Count.ShouldBe(3);
        group["activities"]![2]!["activities"]![0]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:r:g:deep:c");
    }

    [Fact]
    public void Edges_may_hang_on_the_ports_a_branching_task_names()
    {
        var document = DocumentText.Valid();
        document["root"]!["activities"]!.AsArray().Insert(0, JsonNode.Parse("""{ "id": "f", "name": "fork", "type": "Test.Fork", "version": 1, "ways": ["big", "small"] }"""));
        document["root"]!["connections"] = JsonNode.Parse(
            """
            [ { "source": { "activity": "f", "port": "big" }, "target": { "activity": "a1" } },
              { "source": { "activity": "f", "port": "Otherwise" }, "target": { "activity": "a2" } } ]
            """);

        document.Parse().Dag.ShouldNotBeNull().Edges.ShouldBe([new DagEdge("fork", "first", "big"), new DagEdge("fork", "second", "Otherwise")]);

        document["root"]!["connections"]![0]!["source"]!["port"] = "bigg";
        document.Parse().Problems.ShouldHaveSingleItem().Message.ShouldBe("Task 'fork' has no port 'bigg'. Did you mean 'big'? Its ports: Otherwise, big, small, Done.");
    }

    [Fact]
    public void An_edge_to_only_a_part_of_a_group_is_refused() =>
        DagValidator.Problems(Dag(["a", "g.x", "g.y"], [("a", "g.x")])).ShouldHaveSingleItem().Message.ShouldContain("connect all last tasks of 'a' with all first tasks of 'g'");

    [Fact]
    public void Every_dag_with_groups_survives_being_written_and_read() => Prop.ForAll(RandomDags().ToArbitrary(), dag =>
    {
        DagValidator.Problems(dag).ShouldBeEmpty();
        var written = DagDocument.Create(dag, "x.json", FakeTasks.Registry);
        var read = DagDocument.Parse(written.ToJson(), "x.json", FakeTasks.Registry);
        read.Problems.ShouldBeEmpty();
        DagHash.Canonical(read.Dag!).ShouldBe(DagHash.Canonical(dag));
        DagDocument.Create(read.Dag!, "x.json", FakeTasks.Registry, read.Raw).ToJson().ShouldBe(written.ToJson());
    }).QuickCheckThrowOnFailure();

    private static JsonObject Nested()
    {
        var document = DocumentText.Valid();
        document["root"]!["activities"]!.AsArray().Add(JsonNode.Parse(
            """
            { "id": "g", "name": "load", "type": "Elsa.Flowchart", "version": 1,
              "activities": [
                { "id": "a", "name": "a", "type": "Test.Typed", "version": 2 },
                { "id": "b", "name": "b", "type": "Test.Typed", "version": 2 },
                { "id": "deep", "type": "Elsa.Flowchart", "version": 1,
                  "activities": [ { "id": "c", "type": "Test.Typed", "version": 2 }, { "id": "d", "type": "Test.Typed", "version": 2 } ],
                  "connections": [ { "source": { "activity": "c" }, "target": { "activity": "d" } } ] } ],
              "connections": [ { "source": { "activity": "a" }, "target": { "activity": "deep" } } ] }
            """));
        foreach (var (from, to) in new[] { ("a1", "g"), ("g", "a2") })
            document["root"]!["connections"]!.AsArray().Add(JsonNode.Parse($$"""{ "source": { "activity": "{{from}}" }, "target": { "activity": "{{to}}" } }"""));
        return document;
    }

    private static Dag Dag(string[] tasks, (string, string)[] edges) => new(
        "d", "d", null, new DagSettings(), [], [.. tasks.Select(t => new DagTask(t, "Test.Typed", t, [], new TaskSettings(), TaskGroups.Parent(t)))],
        [.. edges.Select(e => new DagEdge(e.Item1, e.Item2))]);

    /// <summary>Up to three tasks in the root, in a group, in a group inside that, and in a second group; any drawn edges that make no cycle.</summary>
    private static Gen<Dag> RandomDags() =>
        from sizes in Gen.Choose(1, 3).ArrayOf(4)
        from drawn in Gen.Elements(true, false).ArrayOf(200)
        select Build(sizes, drawn);

    private static Dag Build(int[] sizes, bool[] drawn)
    {
        var (next, edges) = (0, new List<(string, string)>());
        string[] Tasks(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}t{i}")];
        (string[] First, string[] Last) Level((string[] First, string[] Last)[] nodes)
        {
            var (reached, left) = (new HashSet<int>(), new HashSet<int>());
            for (var from = 0; from < nodes.Length; from++)
            {
                for (var to = from + 1; to < nodes.Length; to++)
                {
                    if (!drawn[next++ % drawn.Length])
                        continue;
                    edges.AddRange(nodes[from].Last.SelectMany(f => nodes[to].First.Select(t => (f, t))));
                    reached.Add(to);
                    left.Add(from);
                }
            }
            return ([.. nodes.Where((_, i) => !reached.Contains(i)).SelectMany(n => n.First)], [.. nodes.Where((_, i) => !left.Contains(i)).SelectMany(n => n.Last)]);
        }
        static (string[] First, string[] Last)[] Single(string[] tasks) => [.. tasks.Select(t => ((string[])[t], (string[])[t]))];
        string[][] all = [Tasks("", sizes[0]), Tasks("g.", sizes[1]), Tasks("g.h.", sizes[2]), Tasks("k.", sizes[3])];
        var inner = Level(Single(all[2]));
        var group = Level([.. Single(all[1]), inner]);
        var second = Level(Single(all[3]));
        Level([group, .. Single(all[0]), second]);
        return Dag([.. all.SelectMany(a => a)], [.. edges]);
    }
}
