using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Finds what a run has made in the outputs of its tasks: reports by their path under <c>reports/</c>, and every small value besides.</summary>
internal static class RunResults
{
    private const string ReportsFolder = "reports/";
    private const int MaxText = 80;

    public static IReadOnlyList<RunResult> Find(RunView view) =>
        [.. view.Instances.Where(i => i is { State: "success", Outputs: not null }).SelectMany(i => Find(view, i))];

    private static IEnumerable<RunResult> Find(RunView view, TaskInstanceInfo instance)
    {
        if (JsonNode.Parse(instance.Outputs!) is not JsonObject outputs)
            yield break;
        var task = view.Task(instance);
        var facts = string.Join(" · ", outputs.Select(Fact).OfType<string>());
        var reports = Texts(outputs).Where(text => text.StartsWith(ReportsFolder, StringComparison.Ordinal)).Distinct().ToList();
        foreach (var report in reports)
            yield return new RunResult("Reports", reports.Count == 1 ? task.DisplayName : $"{task.DisplayName}: {Path.GetFileName(report)}", facts, Links.Report(report));
        if (reports.Count == 0 && facts.Length > 0)
            yield return new RunResult(Kind(task.TaskType), task.DisplayName, facts, Links.Task(view.Run.DagId, view.Run.RunKey, instance.TaskId));
    }

    private static string Kind(string taskType) => taskType switch
    {
        "Ecom.Ingest" => "Raw data",
        "Ecom.VersionDatasets" => "Dataset versions",
        "Ecom.TrainChurn" => "Models",
        "Ecom.ScoreChurn" => "Predictions",
        _ => "Tables and features",
    };

    private static string? Fact(KeyValuePair<string, JsonNode?> member) => member.Value switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => $"{Words(member.Key)} {Number(value)}",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Short(member.Key, value.GetValue<string>()),
        JsonArray { Count: > 0 and <= 5 } list when list.All(i => i is JsonValue v && v.GetValueKind() == JsonValueKind.String) =>
            Short(member.Key, string.Join(", ", list.Select(i => i!.GetValue<string>()))),
        _ => null,
    };

    private static string? Short(string name, string text) =>
        text.Length is 0 or > MaxText || text.StartsWith(ReportsFolder, StringComparison.Ordinal) ? null : $"{Words(name)} {text}";

    private static string Number(JsonValue value) =>
        value.TryGetValue<long>(out var whole) ? Show.Number(whole) : value.GetValue<double>().ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    private static string Words(string camelCase) =>
        string.Concat(camelCase.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString())).ToLowerInvariant();

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Texts(m.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };
}
