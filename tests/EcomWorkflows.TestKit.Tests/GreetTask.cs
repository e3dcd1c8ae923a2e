using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.TestKit.Tests;

/// <summary>The task the examples test.</summary>
[TaskType("Example.Greet", DisplayName = "Greet", Category = "Example", Description = "Greets somebody.")]
public sealed class GreetTask : ITask<GreetInputs, GreetOutputs>
{
    public Task<TaskResult<GreetOutputs>> RunAsync(GreetInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<TaskResult<GreetOutputs>>(new GreetOutputs($"Hello {inputs.Name}, try {context.Attempt.TryNumber}"));
    }
}

public sealed record GreetInputs
{
    [TaskInput("Who is greeted.")]
    public required string Name { get; init; }
}

public sealed record GreetOutputs(string Greeting);
