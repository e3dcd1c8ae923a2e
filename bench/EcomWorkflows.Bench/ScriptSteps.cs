using System.Text.Json.Nodes;

namespace EcomWorkflows.Bench;

/// <summary><c>churn-daily</c> with the steps that <c>events_pipeline.py</c> has, and no others: parse, validate, clean, features, train XGBoost, score everyone, write.</summary>
internal static class ScriptSteps
{
    private const string Dag = "churn-daily.json";

    private static readonly string Features = Path.Combine("features", "retailrocket.json");

    // What the script has no counterpart for.
    private static readonly string[] Extra = ["version_datasets", "evaluate_outcomes", "check_score_drift", "select_retention_targets"];

    /// <summary>Copies the repository's workflows, with this one in <c>churn-daily</c>'s place.</summary>
    /// <returns>The folder that holds the copied <c>workflows</c>.</returns>
    public static string Write(string repository, string folder)
    {
        var copies = WorkflowFiles.Copy(repository, folder);
        Change(Path.Combine(copies, Dag), definition => Reduce(definition["root"]!));
        // The script serves no application: history only.
        Change(Path.Combine(copies, Features), definition => definition["views"]!.AsArray().ToList().ForEach(view => view!["online"] = false));
        return folder;
    }

    private static void Change(string file, Action<JsonNode> change)
    {
        var definition = JsonNode.Parse(File.ReadAllText(file))!;
        change(definition);
        File.WriteAllText(file, definition.ToJsonString());
    }

    private static void Reduce(JsonNode root)
    {
        root["activities"]!.AsArray().RemoveAll(activity => Extra.Contains(activity!["id"]!.GetValue<string>()));
        var connections = root["connections"]!.AsArray();
        connections.RemoveAll(connection => Extra.Contains(End(connection!, "source")) || Extra.Contains(End(connection!, "target")));
        connections.Add(new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = "build_training_set", ["port"] = "Done" },
            ["target"] = new JsonObject { ["activity"] = "train_churn", ["port"] = "In" },
            ["vertices"] = new JsonArray(),
        });
        var train = root["activities"]!.AsArray().Single(activity => activity!["id"]!.GetValue<string>() == "train_churn")!;
        train["learners"] = Input("Object", "Object", """["gradient_boosting"]""");
        // Without versions of datasets there is no tag a champion could be held to.
        train["requireDatasetTag"] = Input("Boolean", "Literal", false);
        // The script has one process.
        train["isolation"] = Input("String", "Literal", "in_process");
        train.AsObject().Remove("memoryLimitMegabytes");
    }

    private static string End(JsonNode connection, string end) => connection[end]!["activity"]!.GetValue<string>();

    private static JsonObject Input(string type, string expression, JsonNode value) => new()
    {
        ["typeName"] = type,
        ["expression"] = new JsonObject { ["type"] = expression, ["value"] = value },
    };
}
