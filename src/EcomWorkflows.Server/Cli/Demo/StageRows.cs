using System.Text.Json.Nodes;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>Rows that went into a task, were set aside by it, and came out.</summary>
internal sealed record StageRows(string Task, long? In, long? Quarantined, long? Out)
{
    private static readonly string[] NamesOfIn = ["rowsRead", "rowsChecked", "rowsIn"];
    private static readonly string[] NamesOfQuarantined = ["rowsRejected", "rowsQuarantined"];
    private static readonly string[] NamesOfOut = ["rowsKept", "rowsOut", "rows", "rowsWritten"];

    /// <summary>Reads the counts a task has put into its outputs; null where it counts no rows.</summary>
    public static StageRows? Read(string taskId, JsonObject outputs)
    {
        var rows = new StageRows(taskId, First(outputs, NamesOfIn), First(outputs, NamesOfQuarantined), First(outputs, NamesOfOut));
        return rows is { In: null, Quarantined: null, Out: null } ? null : rows;
    }

    private static long? First(JsonObject outputs, string[] names) =>
        names.Select(name => outputs[name]).OfType<JsonValue>().Select(value => value.TryGetValue<long>(out var count) ? count : (long?)null).FirstOrDefault(count => count is not null);
}
