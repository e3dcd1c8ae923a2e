using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for a time without holding a slot.</summary>
[TaskType("Core.Wait", DisplayName = "Wait", Category = "Core", Description = "Waits for a time, or until one, without holding a slot.")]
public sealed class WaitTask : ITask<WaitInputs, WaitOutputs>
{
    private const string UntilKey = "until";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public Task<TaskResult<WaitOutputs>> RunAsync(WaitInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        var until = context.Memo[UntilKey]?.GetValue<DateTimeOffset>() ?? Until(inputs, now);
        return Task.FromResult<TaskResult<WaitOutputs>>(until <= now
            ? new WaitOutputs(until)
            : new TaskResult<WaitOutputs>.Rescheduled(until - now, $"until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") { Memo = new JsonObject { [UntilKey] = until } });
    }

    private static DateTimeOffset Until(WaitInputs inputs, DateTimeOffset now) => inputs switch
    {
        { Seconds: null, Until: null } or { Seconds: not null, Until: not null } =>
            throw new TaskFailedException("Core.Wait needs either seconds or until, and not both.", retryable: false),
        { Seconds: { } seconds } when !(seconds >= 0 && seconds <= Longest.TotalSeconds) =>
            throw new TaskFailedException($"seconds is {seconds}; allowed are 0 to {Longest.TotalSeconds} (a year).", retryable: false),
        { Seconds: { } seconds } => now + TimeSpan.FromSeconds(seconds),
        _ => inputs.Until!.Value,
    };
}
