using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Checks, again and again, whether something is there; between two checks it holds no slot.</summary>
public abstract class Sensor<TInputs, TOutputs> : ITask<TInputs, TOutputs>
    where TInputs : SensorInputs
    where TOutputs : class
{
    private const string SinceKey = "since";

    public async Task<TaskResult<TOutputs>> RunAsync(TInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var since = context.Memo[SinceKey]?.GetValue<DateTimeOffset>() ?? context.Time.GetUtcNow();
        var (found, waitsFor) = await CheckAsync(inputs, context, cancellationToken);
        if (found is not null)
            return found;
        var deadline = since + TimeSpan.FromSeconds(inputs.SensorTimeoutSeconds);
        var now = context.Time.GetUtcNow();
        if (now < deadline)
        {
            var next = TimeSpan.FromSeconds(Math.Min(inputs.PokeSeconds, (deadline - now).TotalSeconds));
            return new TaskResult<TOutputs>.Rescheduled(next, waitsFor) { Memo = new JsonObject { [SinceKey] = since } };
        }
        var given = $"Not found within {TimeSpan.FromSeconds(inputs.SensorTimeoutSeconds)}: {waitsFor}";
        return inputs.SoftFail
            ? new TaskResult<TOutputs>.Skipped(given)
            : throw new TaskFailedException(given, FailureCause.Timeout, retryable: false);
    }

    /// <summary>One check.</summary>
    /// <returns>The outputs where it was found; otherwise null and, in words, what is waited for.</returns>
    protected abstract Task<(TOutputs? Found, string WaitsFor)> CheckAsync(TInputs inputs, TaskContext context, CancellationToken cancellationToken);
}
