using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class StudioFormTests
{
    [Fact]
    public void Bare_values_are_wrapped_for_studio_wherever_an_input_is_declared()
    {
        var shown = Shown(Bare());

        foreach (var input in new[] { "schedule", "catchup", "maxActiveRuns", "tags" })
            InputValue.IsWrapped(shown["root"]![input]).ShouldBeTrue(input);
        foreach (var input in new[] { "retries", "columns", "extra", "full" })
            InputValue.IsWrapped(shown.Activity(1)[input]).ShouldBeTrue(input);
        InputValue.IsWrapped(shown.Activity(2)["activities"]![0]!["source"]).ShouldBeTrue("in a group");
        Canonical(shown.Activity(1)["retries"]!).ShouldBe("""{"typeName":"Int32","expression":{"type":"Literal","value":2}}""");
        shown.Activity(1)["columns"]!["expression"]!["type"]!.GetValue<string>().ShouldBe("Object");
        JsonNode.Parse(shown.Activity(1)["columns"]!["expression"]!["value"]!.GetValue<string>())!.AsArray().Count.ShouldBe(2);
        JsonNode.DeepEquals(shown.Activity(0)["source"], Bare().Activity(0)["source"]).ShouldBeTrue("what is wrapped stays as it is");
        Canonical(shown.Activity(1)["x-other"]!).ShouldBe("""{"team":"data"}""");
    }

    [Fact]
    public void What_studio_saves_of_a_bare_definition_means_the_same_dag_and_keeps_what_nobody_knows()
    {
        var written = Bare();
        var dag = written.Parse().Dag.ShouldNotBeNull();

        var stored = StudioForm.ForStorage(Shown(written), "copying", written);

        var read = DagDocument.Of(stored, "copying.json", FakeTasks.Registry);
        read.Problems.ShouldBeEmpty();
        DagHash.Canonical(read.Dag!).ShouldBe(DagHash.Canonical(dag));
        Canonical(stored.Activity(1)["x-other"]!).ShouldBe("""{"team":"data"}""");
        stored["x-owner"]!.GetValue<string>().ShouldBe("data");
    }

    [Fact]
    public void Activities_that_stand_nowhere_get_places_of_their_own_from_left_to_right()
    {
        var shown = Shown(Bare());

        var places = CanvasPlaces.Read(shown.ToJsonString());
        places.Count.ShouldBe(3);
        places.Values.ShouldBeUnique();
        places["first"].X.ShouldBeLessThan(places["second"].X);
        places["second"].X.ShouldBeLessThan(places["more"].X);
        shown.Activity(2)["activities"]![0]!["metadata"]!["designer"]!["position"].ShouldNotBeNull();
    }

    [Fact]
    public void An_activity_that_has_a_place_keeps_it_and_the_others_stand_below()
    {
        var written = Bare();
        written.Activity(1)["metadata"] = JsonNode.Parse("""{ "displayText": "Second", "designer": { "position": { "x": 7.5, "y": 300 } } }""");

        var places = CanvasPlaces.Read(Shown(written).ToJsonString());

        places["second"].ShouldBe((7.5, 300));
        places["first"].Y.ShouldBeGreaterThan(300);
        places["more"].Y.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void A_draft_with_a_cycle_and_two_activities_of_one_id_is_placed_too()
    {
        var written = Bare();
        written["root"]!["connections"]!.AsArray().Add(JsonNode.Parse("""{ "source": { "activity": "a2" }, "target": { "activity": "a1" } }"""));
        written["root"]!["activities"]!.AsArray().Add(written.Activity(0).DeepClone());

        Shown(written)["root"]!["activities"]!.AsArray().ShouldAllBe(activity => activity!["metadata"]!["designer"]!["position"] != null);
    }

    [Fact]
    public void Entries_of_lists_that_are_no_objects_do_not_reach_studio()
    {
        var written = Bare();
        written["inputs"]!.AsArray().Insert(0, 5);
        written["outputs"] = "x";

        var shown = Shown(written);

        shown["inputs"]!.AsArray().Select(input => input!["name"]!.GetValue<string>()).ShouldBe(["source", "days"]);
        shown["outputs"]!.AsArray().ShouldBeEmpty();
    }

    private static string Canonical(JsonNode node) => DocumentText.Canonical(node);

    private static JsonObject Shown(JsonObject stored) => StudioForm.ForStudio(stored, new DefinitionInfo { DagId = "copying", Name = "Copying", Version = 1 }, FakeTasks.Registry);

    /// <summary>As people write it: bare values, no places, one group.</summary>
    private static JsonObject Bare()
    {
        var document = DocumentText.Valid();
        document["x-owner"] = "data";
        var root = document["root"]!;
        (root["schedule"], root["catchup"], root["maxActiveRuns"], root["tags"]) = ("@daily", true, 3, new JsonArray("a", "b"));
        var second = document.Activity(1);
        (second["retries"], second["full"], second["columns"], second["extra"]) = (2, "true", new JsonArray("x", "y"), new JsonObject { ["word"] = "w" });
        second["x-other"] = new JsonObject { ["team"] = "data" };
        root["activities"]!.AsArray().Add(JsonNode.Parse(
            """
            { "id": "g", "name": "more", "type": "Elsa.Flowchart", "version": 1,
              "activities": [ { "id": "g1", "name": "third", "type": "Test.Copy", "version": 1, "source": "{{ params.source }}" } ] }
            """));
        root["connections"]!.AsArray().Add(JsonNode.Parse("""{ "source": { "activity": "a2" }, "target": { "activity": "g" } }"""));
        return document;
    }
}
