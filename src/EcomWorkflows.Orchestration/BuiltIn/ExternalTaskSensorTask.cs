using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for another DAG.</summary>
[TaskType("Core.ExternalTaskSensor", DisplayName = "Wait for another DAG", Category = "Sensors",
    Description = "Waits until another DAG's run of the same logical date (or one before), or a task of it, has a state, without holding a slot.")]
public sealed class ExternalTaskSensorTask(NpgsqlDataSource database) : Sensor<ExternalTaskSensorInputs, ExternalTaskSensorOutputs>
{
    protected override async Task<(ExternalTaskSensorOutputs? Found, string WaitsFor)> CheckAsync(
        ExternalTaskSensorInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (inputs.AllowedStates.Concat(inputs.FailedStates).FirstOrDefault(s => !StateNames.All<TaskState>().Contains(s)) is { } unknown)
            throw new TaskFailedException($"'{unknown}' is no state; allowed are {string.Join(", ", StateNames.All<TaskState>())}.", retryable: false);
        var taskId = string.IsNullOrWhiteSpace(inputs.TaskId) ? null : inputs.TaskId;
        var date = context.LogicalDate - TimeSpan.FromSeconds(inputs.OffsetSeconds);
        var what = $"{(taskId is null ? "" : $"task '{taskId}' of ")}DAG '{inputs.DagId}' for {date.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
        var (runKey, states) = await ReadAsync(inputs.DagId, taskId, date, cancellationToken);
        if (runKey is null)
            return (null, $"{what}: there is no run");
        if (states.FirstOrDefault(s => inputs.FailedStates.Contains(s, StringComparer.Ordinal)) is { } failed)
            throw new TaskFailedException($"{what} is {failed}.", retryable: false);
        return states.Count > 0 && states.All(s => inputs.AllowedStates.Contains(s, StringComparer.Ordinal))
            ? (new ExternalTaskSensorOutputs(runKey, states[0]), "")
            : (null, $"{what} to be {string.Join(" or ", inputs.AllowedStates)} (now {(states.Count == 0 ? "absent" : string.Join(", ", states.Distinct()))})");
    }

    /// <summary>The newest run of that date with the state of the run, or those of the task's instances.</summary>
    private async Task<(string? RunKey, IReadOnlyList<string> States)> ReadAsync(string dagId, string? taskId, DateTimeOffset date, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var run = await connection.QueryFirstOrDefaultAsync<(long RunId, string RunKey, string State)?>(new CommandDefinition(
            """
            select run_id, run_key, state
            from orchestration.dag_run
            where dag_id = @dagId
              and logical_date = @date
            order by run_id desc
            limit 1
            """,
            new { dagId, date }, cancellationToken: cancellationToken));
        if (run is not { } found)
            return (null, []);
        if (taskId is null)
            return (found.RunKey, [found.State]);
        var states = await connection.QueryAsync<string>(new CommandDefinition(
            "select state from orchestration.task_instance where run_id = @RunId and task_id = @taskId order by map_index",
            new { found.RunId, taskId }, cancellationToken: cancellationToken));
        return (found.RunKey, states.AsList());
    }
}
