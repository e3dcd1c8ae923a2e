using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;

namespace EcomWorkflows.Elsa.Tests.Definitions;

/// <summary>Small definitions for tests: a valid one, and changes to it.</summary>
internal static class DocumentText
{
    public static JsonObject Valid() => (JsonObject)JsonNode.Parse(
        """
        {
          "definitionId": "copying",
          "name": "Copying",
          "variables": [ { "id": "v1", "name": "source", "typeName": "String", "isArray": false, "value": "shop" } ],
          "inputs": [
            { "type": "String", "isArray": false, "name": "source", "displayName": "Source" },
            { "type": "Int32", "isArray": false, "name": "days", "description": "Days to copy." }
          ],
          "root": {
            "id": "r", "nodeId": "Workflow1:r", "type": "Elsa.Flowchart", "version": 1,
            "schedule": { "typeName": "String", "expression": { "type": "Literal", "value": "0 3 * * * | @weekly" } },
            "activities": [
              { "id": "a1", "nodeId": "Workflow1:r:a1", "name": "first", "type": "Test.Copy", "version": 1, "source": { "typeName": "String", "expression": { "type": "Literal", "value": "{{ params.source }}" } } },
              { "id": "a2", "nodeId": "Workflow1:r:a2", "name": "second", "type": "Test.Typed", "version": 2 }
            ],
            "connections": [ { "source": { "activity": "a1" }, "target": { "activity": "a2" } } ]
          }
        }
        """)!;

    public static JsonObject Activity(this JsonObject document, int index) => document["root"]!["activities"]![index]!.AsObject();

    public static DagDocument Parse(this JsonObject document) => DagDocument.Parse(document.ToJsonString(), "copying.json", FakeTasks.Registry);

    public static DagDocument ParseAfter(Action<JsonObject> change)
    {
        var document = Valid();
        change(document);
        return document.Parse();
    }

    public static JsonNode Literal(JsonNode? value) => new JsonObject { ["typeName"] = null, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    public static JsonNode Object(JsonNode? value) => new JsonObject { ["typeName"] = null, ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = value } };

    public static string Canonical(JsonNode node) => JsonSerializer.Serialize(node);
}
