using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class DagDocumentTests
{
    [Fact]
    public void Activities_become_tasks_and_connections_become_edges()
    {
        var dag = DocumentText.Valid().Parse().Dag.ShouldNotBeNull();

        dag.DagId.ShouldBe("copying");
        dag.Tasks.Select(t => t.TaskId).ShouldBe(["first", "second"]);
        dag.Edges.ShouldBe([new DagEdge("first", "second")]);
        dag.Settings.Schedule.ShouldBe(["0 3 * * *", "@weekly"]);
        dag.Tasks[0].Inputs["source"]!.GetValue<string>().ShouldBe("{{ params.source }}");
    }

    [Fact]
    public void Definition_inputs_are_params_with_defaults_from_the_variable_of_the_same_name()
    {
        var dag = DocumentText.Valid().Parse().Dag.ShouldNotBeNull();

        dag.Params.Select(p => (p.Name, p.Type, p.Default?.ToString())).ShouldBe([("source", "string", "shop"), ("days", "integer", null)]);
    }

    [Fact]
    public void An_input_may_list_the_values_a_run_may_give()
    {
        var dag = DocumentText.ParseAfter(d => (d["inputs"]![0]!["enum"], d["inputs"]![1]!["enum"]) = (new JsonArray("shop", "retailrocket"), new JsonArray("7", 30))).Dag.ShouldNotBeNull();

        dag.Params.Select(p => p.AllowedText).ShouldBe(["\"shop\", \"retailrocket\"", "7, 30"]);
        DagHash.Compute(dag).ShouldNotBe(DagHash.Compute(DocumentText.Valid().Parse().Dag!));
        DagHash.Canonical(DocumentText.Valid().Parse().Dag!).Contains("allowed", StringComparison.Ordinal).ShouldBeFalse("a DAG without such lists stays the version it was");
    }

    [Fact]
    public void An_activity_without_a_name_is_known_by_its_id()
    {
        var dag = DocumentText.ParseAfter(d => d.Activity(1)["name"] = "").Dag.ShouldNotBeNull();

        dag.Edges.ShouldBe([new DagEdge("first", "a2")]);
    }

    [Theory]
    [InlineData("5")]
    [InlineData(5)]
    public void Values_may_be_text_or_typed_and_mean_the_same(object five)
    {
        var dag = DocumentText.ParseAfter(d => d.Activity(1)["count"] = DocumentText.Literal(JsonValue.Create(five))).Dag.ShouldNotBeNull();

        dag.Tasks[1].Inputs["count"]!.ToJsonString().ShouldBe("5");
    }

    [Fact]
    public void Bare_values_wrapped_values_and_json_in_text_are_all_read()
    {
        var document = DocumentText.ParseAfter(d =>
        {
            var task = d.Activity(1);
            task["full"] = DocumentText.Literal("True");
            task["share"] = 0.25;
            task["mode"] = DocumentText.Literal("incremental");
            task["columns"] = DocumentText.Object("""["a","b"]""");
            task["colours"] = DocumentText.Object("""["green","red"]""");
            task["extra"] = DocumentText.Object(new JsonObject { ["x"] = 1 });
            task["retries"] = DocumentText.Literal("3");
            task["timeoutSeconds"] = DocumentText.Literal("");
            task["triggerRule"] = DocumentText.Literal("none_failed_min_one_success");
            task["isolation"] = "process";
            task["memoryLimitMegabytes"] = 512;
        });

        document.Problems.ShouldBeEmpty();
        var task = document.Dag!.Tasks[1];
        DocumentText.Canonical(task.Inputs).ShouldBe("""{"share":0.25,"full":true,"mode":"incremental","columns":["a","b"],"extra":{"x":1},"colours":["green","red"]}""");
        task.Settings.ShouldBe(new TaskSettings
        {
            Retries = 3, TriggerRule = TriggerRule.NoneFailedMinOneSuccess, Isolation = TaskIsolation.Process, MemoryLimitMegabytes = 512,
        });
    }

    [Fact]
    public void Order_duplicates_and_default_ports_do_not_change_the_hash()
    {
        var reordered = DocumentText.ParseAfter(d =>
        {
            var activities = d["root"]!["activities"]!.AsArray();
            var first = activities[0]!.DeepClone();
            activities.RemoveAt(0);
            activities.Add(first);
            d["root"]!["connections"] = new JsonArray(Connection("Done", "In"), Connection("", null));
        });

        DagHash.Compute(reordered.Dag.ShouldNotBeNull()).ShouldBe(DagHash.Compute(DocumentText.Valid().Parse().Dag!));

        static JsonObject Connection(string port, string? target) => new()
        {
            ["source"] = new JsonObject { ["activity"] = "a1", ["port"] = port },
            ["target"] = new JsonObject { ["activity"] = "a2", ["port"] = target },
        };
    }

    [Fact]
    public void A_changed_value_changes_the_hash() =>
        DagHash.Compute(DocumentText.ParseAfter(d => d.Activity(0)["retries"] = 1).Dag!).ShouldNotBe(DagHash.Compute(DocumentText.Valid().Parse().Dag!));

    [Fact]
    public void Members_nobody_knows_are_kept()
    {
        var document = DocumentText.ParseAfter(d =>
        {
            d["fromTheFuture"] = new JsonObject { ["a"] = 1 };
            d.Activity(0)["customProperties"] = new JsonObject { ["airflow"] = "kept" };
            d.Activity(0)["sidecar"] = new JsonObject { ["machine"] = "data" };
        });

        document.Problems.ShouldBeEmpty();
        var written = EcomWorkflows.Elsa.Definitions.DagDocument.Create(document.Dag!, "copying.json", FakeTasks.Registry, document.Raw).Raw;
        written["fromTheFuture"]!["a"]!.GetValue<int>().ShouldBe(1);
        written.Activity(0)["customProperties"]!["airflow"]!.GetValue<string>().ShouldBe("kept");
        written.Activity(0)["sidecar"]!["machine"]!.GetValue<string>().ShouldBe("data");
    }

    [Fact]
    public void Writing_back_without_a_change_changes_nothing_that_was_there()
    {
        var document = DocumentText.ParseAfter(d =>
        {
            d.Activity(1)["count"] = DocumentText.Literal("7");
            d.Activity(1)["columns"] = DocumentText.Object("""["a"]""");
            d["description"] = null;
            d["inputs"]![1]!["displayName"] = "Days";
            d["inputs"]![0]!["description"] = null;
            d["variables"]![0]!["typeName"] = "String";
            d["root"]!["connections"]![0]!["source"]!["port"] = "Done";
        });

        var written = EcomWorkflows.Elsa.Definitions.DagDocument.Create(document.Dag.ShouldNotBeNull(), "copying.json", FakeTasks.Registry, document.Raw).Raw;

        JsonNode.DeepEquals(written.Activity(1), Expected(document.Raw.Activity(1))).ShouldBeTrue(written.Activity(1).ToJsonString());
        JsonNode.DeepEquals(written["inputs"], document.Raw["inputs"]).ShouldBeTrue(written["inputs"]!.ToJsonString());
        JsonNode.DeepEquals(written["variables"], document.Raw["variables"]).ShouldBeTrue(written["variables"]!.ToJsonString());

        static JsonObject Expected(JsonObject activity)
        {
            activity = (JsonObject)activity.DeepClone();
            activity["metadata"] = new JsonObject();
            return activity;
        }
    }
}
