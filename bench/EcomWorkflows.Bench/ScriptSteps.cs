using System.Text.Json.Nodes;

namespace EcomWorkflows.Bench;

/// <summary><c>churn-daily</c> with the steps that <c>events_pipeline.py</c> has, and no others: parse, validate, clean, features, train XGBoost, score everyone, write.</summary>
internal static class ScriptSteps
{
    private const string File = "churn-daily.json";

    // What the script has no counterpart for.
    private static readonly string[] Extra = ["version_datasets", "evaluate_outcomes", "check_score_drift", "select_retention_targets"];

    /// <summary>Copies the repository's workflows, with this one in <c>churn-daily</c>'s place.</summary>
    /// <returns>The folder that holds the copied <c>workflows</c>.</returns>
    public static string Write(string repository, string folder)
    {
        var workflows = Path.Combine(repository, "workflows");
        foreach (var path in Directory.EnumerateFiles(workflows, "*.json", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, "workflows", Path.GetRelativePath(workflows, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(path, copy);
        }
        var definition = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(workflows, File)))!;
        Reduce(definition["root"]!);
        System.IO.File.WriteAllText(Path.Combine(folder, "workflows", File), definition.ToJsonString());
        return folder;
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
