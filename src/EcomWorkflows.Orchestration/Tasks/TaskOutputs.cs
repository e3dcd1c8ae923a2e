using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The outputs of a task as JSON: facts for people and other tasks, which every page about the run reads; data goes elsewhere.</summary>
internal static class TaskOutputs
{
    /// <summary>The most that is kept, as JSON.</summary>
    public const int MaxBytes = 4 * MiB;

    private const int MiB = 1024 * 1024;

    private static readonly JsonSerializerOptions Unescaped = new(TaskJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="TaskFailedException">They are larger than <see cref="MaxBytes"/>; the message names the largest of them.</exception>
    public static string Write<TOutputs>(TOutputs outputs)
    {
        var json = JsonSerializer.Serialize(outputs, TaskJson.Options);
        if (json.Length <= MaxBytes)
            return json;
        // Most escapes are not kept: without them it may fit.
        var bytes = JsonSerializer.SerializeToUtf8Bytes(outputs, Unescaped).Length;
        return bytes <= MaxBytes ? json : throw TooLarge(json, bytes);
    }

    private static TaskFailedException TooLarge(string json, int bytes)
    {
        var largest = JsonNode.Parse(json)!.AsObject().MaxBy(output => output.Value?.ToJsonString().Length ?? 0).Key;
        return new TaskFailedException(
            FormattableString.Invariant($"The outputs of the task are {(double)bytes / MiB:0.0} MiB of JSON, most of it in '{largest}'; at most {MaxBytes / MiB} MiB are kept. ")
            + "Let it give less (SQL: LIMIT, maxRows, fewer columns), or write the data into a table or a file and give its name.",
            retryable: false);
    }
}
