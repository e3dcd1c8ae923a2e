using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.TestKit;

/// <summary>A task instance of a run that has ended.</summary>
/// <param name="Tries">States of its tries, in order.</param>
/// <param name="Json">JSON of its outputs; null where it has none.</param>
public sealed record TestedTask(
    string TaskId, int MapIndex, string State, string? Cause, string? Message, IReadOnlyList<string> Tries, string? Json, DateTimeOffset? StartedAt)
{
    /// <summary>The outputs as their record.</summary>
    /// <exception cref="DagTestException">The task has no outputs.</exception>
    public TOutputs Outputs<TOutputs>() => Json is null
        ? throw new DagTestException($"Task '{TaskId}' has no outputs: it is {State}.")
        : JsonSerializer.Deserialize<TOutputs>(Json, TaskJson.Options)!;

    public override string ToString() =>
        $"{TaskId}{(MapIndex < 0 ? "" : $"[{MapIndex}]")}: {State}{(Cause is null ? "" : $" ({Cause})")}, tries: {string.Join(", ", Tries)}{(Message is null ? "" : $" — {Message}")}";
}
