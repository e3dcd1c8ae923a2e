using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.FaultWorker;

/// <summary>Logs numbered lines, publishes one row of its own and ends; the table tells afterwards whose publish was committed.</summary>
[TaskType("Fault.Step", DisplayName = "Step", Category = "Test", Description = "Logs numbered lines and publishes one row.")]
public sealed class StepTask : ITask<StepInputs, StepOutputs>
{
    public async Task<TaskResult<StepOutputs>> RunAsync(StepInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        for (var line = 1; line <= inputs.Lines; line++)
        {
            context.Logger.LogInformation("line {Line}", line);
            await Task.Delay(TimeSpan.FromMilliseconds(inputs.MillisecondsPerLine), cancellationToken);
        }
        await context.PublishAsync(
            async (scope, token) =>
            {
                await using var insert = new NpgsqlCommand("insert into public.published (run_id, task_id, attempt_id) values ($1, $2, $3)", scope.Connection, scope.Transaction);
                insert.Parameters.AddRange(new[]
                {
                    new NpgsqlParameter { Value = context.Attempt.RunId }, new NpgsqlParameter { Value = context.Attempt.TaskId }, new NpgsqlParameter { Value = context.Attempt.AttemptId },
                });
                await insert.ExecuteNonQueryAsync(token);
            },
            cancellationToken);
        return new StepOutputs(context.Attempt.AttemptId);
    }
}

/// <summary>What a step does before it publishes.</summary>
public sealed record StepInputs
{
    [TaskInput("Lines to log.")]
    public int Lines { get; init; } = 3;

    [TaskInput("Wait after each line.")]
    public int MillisecondsPerLine { get; init; } = 5;
}

/// <summary>The attempt that has published.</summary>
public sealed record StepOutputs(long AttemptId);
