using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Finds what a run has made in the outputs of its tasks, by the shape of the outputs: any stage that names its results the same way is shown the same way.</summary>
internal static class RunResults
{
    private const string Other = "Other outputs";

    private static readonly string[] FileFolders = ["reports/", "models/"];
    private static readonly string[] TableMembers = ["snapshotId", "table", "view"];
    private static readonly string[] Order = ["Quality and reports", "Dataset versions", "Models", "Predictions", "Tables and features", "Raw data", Other];

    public static IReadOnlyList<RunResult> Find(RunView view) =>
    [
        .. view.Instances
            .Where(i => i is { State: "success", Outputs: not null })
            .SelectMany(i => Find(view, i))
            .OrderBy(r => Array.IndexOf(Order, r.Kind)),
    ];

    private static IEnumerable<RunResult> Find(RunView view, TaskInstanceInfo instance)
    {
        if (JsonNode.Parse(instance.Outputs!) is not JsonObject { Count: > 0 } outputs)
            return [];
        var title = Mapped.Name(view.Task(instance).DisplayName, instance);
        var page = Links.Task(view.Run.DagId, view.Run.RunKey, instance.TaskId, instance.MapIndex);
        if (Tags(outputs) is { Count: > 0 } tags)
            return tags.Select(t => new RunResult("Dataset versions", Text(t, "tag")!, Text(t, "changeNote") ?? OutputFacts.Line(t), page));
        if (Text(outputs, "model") is { } model && outputs.ContainsKey("version"))
            return [new RunResult("Models", $"{model} v{outputs["version"]}", Model(outputs), Report(outputs) ?? page)];
        if (Text(outputs, "model") is { } used && outputs.ContainsKey("modelVersion"))
            return [new RunResult("Predictions", Text(outputs, "table") ?? title, $"by {used} v{outputs["modelVersion"]} · {OutputFacts.Line(outputs)}", page)];
        if (Report(outputs) is { } report)
            return [new RunResult("Quality and reports", title, OutputFacts.Line(outputs), report)];
        return [new RunResult(Kind(outputs), title, OutputFacts.Line(outputs), page)];
    }

    private static string Kind(JsonObject outputs) =>
        outputs.ContainsKey("rawFiles") ? "Raw data"
        : TableMembers.Any(outputs.ContainsKey) ? "Tables and features"
        : Other;

    private static List<JsonObject> Tags(JsonObject outputs) =>
        [.. outputs.Select(m => m.Value).OfType<JsonArray>().SelectMany(list => list.OfType<JsonObject>()).Where(item => Text(item, "tag") is not null)];

    private static string Model(JsonObject outputs)
    {
        var learner = Text(outputs, "learner");
        var tested = (outputs["learners"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(l => Text(l, "learner") == learner);
        var area = tested?["rocAuc"] is JsonValue value && value.TryGetValue<double>(out var score) ? $" · ROC-AUC {score:0.000} on {outputs["testRows"]} test rows" : "";
        var champion = outputs["champion"]?.GetValueKind() == JsonValueKind.True ? " · champion" : "";
        return $"{learner?.Replace('_', ' ')}{champion}{area}. {Text(outputs, "promotion")}".Trim();
    }

    private static string? Report(JsonObject outputs) =>
        Text(outputs, "reportPath") is { } path && FileFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) ? Links.Report(path) : null;

    private static string? Text(JsonObject json, string member) =>
        json[member] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null;
}
