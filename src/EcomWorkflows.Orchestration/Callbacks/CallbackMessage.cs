using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>What a callback says.</summary>
internal static class CallbackMessage
{
    private const string FailedTasks = "failedTasks";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON of a webhook, the same for every try.</summary>
    public static string Json(CallbackInfo callback)
    {
        var body = new JsonObject
        {
            ["event"] = callback.Event,
            ["about"] = callback.TaskId is null ? "run" : "task",
            ["dag_id"] = callback.DagId,
            ["dag_run_id"] = callback.RunKey,
            ["task_id"] = callback.TaskId,
            ["attempt_id"] = callback.AttemptId,
            ["logical_date"] = callback.LogicalDate,
            ["occurred_at"] = callback.CreatedAt,
        };
        foreach (var (name, value) in JsonNode.Parse(callback.Facts)!.AsObject())
            body[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)] = value?.DeepClone();
        return body.ToJsonString(Options);
    }

    public static string Subject(CallbackInfo callback) =>
        $"[ecom] {callback.DagId}{(callback.TaskId is null ? "" : $".{callback.TaskId}")}: {Words(callback.Event)} ({callback.LogicalDate.UtcDateTime:yyyy-MM-dd})";

    public static string Text(CallbackInfo callback)
    {
        var facts = JsonNode.Parse(callback.Facts)!.AsObject();
        return string.Join('\n',
        [
            callback.TaskId is null ? $"Run {callback.RunKey} of DAG {callback.DagId}: {Words(callback.Event)}." : $"Task {callback.TaskId} of DAG {callback.DagId}, run {callback.RunKey}: {Words(callback.Event)}.",
            "",
            $"logical date: {callback.LogicalDate.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC",
            $"happened at: {callback.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC",
            .. facts.Where(f => f.Value is not null && f.Key != FailedTasks).Select(f => $"{f.Key}: {Planning.TemplateFilters.AsText(f.Value)}"),
            .. (facts[FailedTasks] as JsonArray ?? []).Select(t => $"{t!["task_id"]}{(t["map_index"] is { } map ? $"[{map}]" : "")} failed: {t["message"]}"),
        ]);
    }

    private static string Words(string happened) => happened switch
    {
        "success" => "succeeded",
        "failure" => "failed",
        "retry" => "failed and is tried again",
        _ => "not done by its deadline",
    };
}
