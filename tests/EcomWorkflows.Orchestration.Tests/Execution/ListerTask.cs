using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>Puts out a list as long as the test says.</summary>
[TaskType("Test.Lister", DisplayName = "Lister", Category = "Test", Description = "Puts out a list.")]
public sealed class ListerTask(Scripts scripts) : ITask<ScriptedInputs, ListerOutputs>
{
    public Task<TaskResult<ListerOutputs>> RunAsync(ScriptedInputs inputs, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult<TaskResult<ListerOutputs>>(new ListerOutputs([.. Enumerable.Range(0, scripts.Length())]));
}

public sealed record ListerOutputs(IReadOnlyList<int> Items);
