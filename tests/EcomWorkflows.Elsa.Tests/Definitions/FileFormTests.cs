using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class FileFormTests
{
    private static readonly DefinitionInfo Info = new() { DagId = "copying", Version = 3, Name = "Copying", IsLatest = true };

    [Fact]
    public void Order_measures_and_text_values_make_no_difference_to_the_file()
    {
        var stored = DocumentText.Valid();
        stored.Activity(1)["count"] = 5;
        stored.Activity(1)["columns"] = DocumentText.Object("[\"a\",\"b\"]");
        var edited = (JsonObject)stored.DeepClone();
        edited.Activity(1)["count"] = DocumentText.Literal("5");
        edited.Activity(1)["share"] = DocumentText.Literal("");
        edited.Activity(0)["metadata"] = new JsonObject { ["displayText"] = null, ["designer"] = Place(10.2, 20.7, 148.85) };
        stored.Activity(0)["metadata"] = new JsonObject { ["designer"] = Place(10, 21, 0) };
        edited.Activity(0)["customProperties"] = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = false };
        edited["root"]!["customProperties"] = new JsonObject { ["notFoundConnections"] = new JsonArray() };
        edited["root"]!["start"] = null;
        edited["options"] = new JsonObject { ["usableAsActivity"] = false, ["incidentStrategyType"] = null };
        stored["options"] = new JsonObject();
        Reverse(edited["root"]!.AsObject(), "activities");

        FileForm.Write(edited, FakeTasks.Registry).ShouldBe(FileForm.Write(stored, FakeTasks.Registry));
        FileForm.Write(stored, FakeTasks.Registry).ShouldContain("\"value\": 5");

        static JsonObject Place(double x, double y, double width) => new()
        {
            ["position"] = new JsonObject { ["x"] = x, ["y"] = y }, ["size"] = new JsonObject { ["width"] = width, ["height"] = 54 },
        };
    }

    [Fact]
    public void A_file_means_what_the_document_means_and_writing_it_again_changes_nothing()
    {
        var stored = DocumentText.Valid();

        var text = FileForm.Write(stored, FakeTasks.Registry);

        var read = DagDocument.Parse(text, "copying.json", FakeTasks.Registry);
        read.Problems.ShouldBeEmpty();
        DagHash.Compute(read.Dag!).ShouldBe(DagHash.Compute(stored.Parse().Dag!));
        FileForm.Write(read.Raw, FakeTasks.Registry).ShouldBe(text);
    }

    [Fact]
    public void What_cannot_be_read_as_a_value_is_written_as_it_is()
    {
        var stored = DocumentText.Valid();
        stored.Activity(1)["count"] = DocumentText.Literal("many");
        stored.Activity(1)["since"] = DocumentText.Literal("{{ data_interval_start }}");
        stored.Activity(0)["x-note"] = new JsonObject { ["kept"] = true };

        var written = JsonNode.Parse(FileForm.Write(stored, FakeTasks.Registry))!["root"]!["activities"]!;

        written[1]!["count"]!["expression"]!["value"]!.GetValue<string>().ShouldBe("many");
        written[1]!["since"]!["expression"]!["value"]!.GetValue<string>().ShouldBe("{{ data_interval_start }}");
        written[0]!["x-note"]!["kept"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Opening_in_studio_and_saving_keeps_the_meaning_and_what_studio_does_not_know()
    {
        var stored = DocumentText.Valid();
        stored["x-top"] = "kept";
        stored["version"] = 7;
        stored["root"]!["connections"]![0]!["x-edge"] = "kept";
        var shown = StudioForm.ForStudio(stored, Info, FakeTasks.Registry);

        shown["id"]!.GetValue<string>().ShouldBe("copying:3");
        shown["root"]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:r");
        shown["variables"].ShouldBeOfType<JsonArray>();
        shown.Remove("x-top");
        shown["root"]!["connections"]![0]!.AsObject().Remove("x-edge");
        var saved = StudioForm.ForStorage(shown, "copying", stored);

        DagHash.Compute(saved.Parse().Dag!).ShouldBe(DagHash.Compute(stored.Parse().Dag!));
        saved["x-top"]!.GetValue<string>().ShouldBe("kept");
        saved["version"]!.GetValue<int>().ShouldBe(7);
        saved["root"]!["connections"]![0]!["x-edge"]!.GetValue<string>().ShouldBe("kept");
        saved.ContainsKey("links").ShouldBeFalse();
    }

    [Fact]
    public void Connections_to_nothing_are_dropped_and_activities_without_ids_get_them()
    {
        var stored = DocumentText.Valid();
        stored.Activity(0).Remove("id");
        stored.Activity(1).Remove("version");

        var root = StudioForm.ForStudio(stored, Info, FakeTasks.Registry)["root"]!;

        root["connections"]!.AsArray().ShouldBeEmpty();
        root["activities"]![0]!["id"]!.GetValue<string>().ShouldBe("activity1");
        root["activities"]![0]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:r:activity1");
        root["activities"]![1]!["type"]!.GetValue<string>().ShouldBe("Elsa.NotFoundActivity", "Studio needs a version that it knows");
    }

    [Fact]
    public void Groups_have_node_ids_and_keep_their_unknown_activities_too()
    {
        var group = new JsonObject
        {
            ["id"] = "g", ["name"] = "load", ["type"] = "Elsa.Flowchart", ["version"] = 1,
            ["activities"] = new JsonArray(new JsonObject { ["id"] = "x", ["name"] = "call", ["type"] = "Elsa.HttpRequest", ["version"] = 1 }),
            ["connections"] = new JsonArray(),
        };
        var stored = DocumentText.Valid();
        stored["root"]!["activities"]!.AsArray().Add(group);

        var shown = StudioForm.ForStudio(stored, Info, FakeTasks.Registry);
        var inner = shown.Activity(2)["activities"]![0]!;
        inner["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:r:g:x");
        inner["type"]!.GetValue<string>().ShouldBe("Elsa.NotFoundActivity");
        ActivityNodes.Read(shown).Select(node => node.TaskId).ShouldBe(["first", "second", "load", "load.call"]);
        StudioForm.ForStorage(shown, "copying", stored).Activity(2)["activities"]![0]!["type"]!.GetValue<string>().ShouldBe("Elsa.HttpRequest");
    }

    private static void Reverse(JsonObject root, string member) => root[member] = new JsonArray([.. root[member]!.AsArray().Reverse().Select(item => item!.DeepClone())]);
}
