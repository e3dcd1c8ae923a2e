using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for a time without holding a slot.</summary>
[TaskType(TypeName, DisplayName = "Wait", Category = "Core", Description = "Waits for a time, or until one, without holding a slot.")]
public sealed class WaitTask : ITask<WaitInputs, WaitOutputs>
{
    internal const string TypeName = "Core.Wait";

    internal const string Choice = "Core.Wait needs either seconds or until, and not both.";

    private const string UntilKey = "until";

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
            throw new TaskFailedException(Choice, retryable: false),
        { Seconds: { } seconds } => now + TimeSpan.FromSeconds(seconds),
        _ => inputs.Until!.Value,
    };
}
