using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>A task whose behaviour a test scripts by task id.</summary>
[TaskType("Test.Scripted", DisplayName = "Scripted", Category = "Test", Description = "Does what the test says.")]
public sealed class ScriptedTask(Scripts scripts) : ITask<ScriptedInputs, ScriptedOutputs>
{
    public async Task<TaskResult<ScriptedOutputs>> RunAsync(ScriptedInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        scripts.Record(context.Attempt);
        return scripts.ByTask.TryGetValue(context.Attempt.TaskId, out var script)
            ? await script(context, cancellationToken)
            : new ScriptedOutputs($"{context.Attempt.TaskId}#{context.Attempt.TryNumber}:{inputs.Text}");
    }
}

public sealed record ScriptedInputs
{
    [TaskInput("Any text.")]
    public string Text { get; init; } = "";
}

public sealed record ScriptedOutputs(string Said)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? More { get; init; }
}

public sealed class Scripts
{
    public ConcurrentDictionary<string, Func<TaskContext, CancellationToken, Task<TaskResult<ScriptedOutputs>>>> ByTask { get; } = new();

    /// <summary>Length of the list that lister tasks put out.</summary>
    public Func<int> Length { get; set; } = () => 0;

    public ConcurrentQueue<AttemptIdentity> Started { get; } = new();

    public void Record(AttemptIdentity attempt) => Started.Enqueue(attempt);
}
