using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The closed set of ways an attempt may end, or wait, by its own word; a failure is thrown as <see cref="TaskFailedException"/>.</summary>
/// <remarks>
/// An attempt that waits holds no slot and no node. When its wait is over it is taken up again from the start of its task's <c>RunAsync</c>, with the same try
/// number and log, and finds in <see cref="TaskContext.Memo"/> what it left there.
/// </remarks>
public abstract record TaskResult<TOutputs>
    where TOutputs : class
{
    private protected TaskResult()
    {
    }

    public static implicit operator TaskResult<TOutputs>(TOutputs outputs) => new Succeeded(outputs);

    /// <summary>Done; downstream tasks can read the outputs.</summary>
    public sealed record Succeeded(TOutputs Outputs) : TaskResult<TOutputs>;

    /// <summary>There was nothing to do; downstream trigger rules decide what that means.</summary>
    public sealed record Skipped(string Reason) : TaskResult<TOutputs>;

    /// <summary>Done, and the run goes on along these ports only: tasks that hang on others, and those reachable only through them, are skipped.</summary>
    /// <param name="Ports">Ports the task has in the DAG; none skips everything that hangs on a port other than <c>Done</c>.</param>
    public sealed record Branched(IReadOnlyList<string> Ports, TOutputs Outputs) : TaskResult<TOutputs>;

    /// <summary>Done, and the run does not go on below the task; only <c>Core.ShortCircuit</c>, which planning knows, may say so.</summary>
    internal sealed record ShortCircuited(SkipScope Scope, TOutputs Outputs) : TaskResult<TOutputs>;

    /// <summary>Not yet: take the attempt up again after a while.</summary>
    /// <param name="After">Wait until the next check; zero or less means at once.</param>
    /// <param name="Reason">What it waits for, shown on the run page.</param>
    public sealed record Rescheduled(TimeSpan After, string? Reason = null) : TaskResult<TOutputs>
    {
        /// <summary>What the next check finds in its context; null keeps what is there.</summary>
        public JsonObject? Memo { get; init; }
    }

    /// <summary>Ask a person, and take the attempt up again with the answer in <see cref="TaskContext.Answer"/>.</summary>
    public sealed record AwaitingInput(TaskQuestion Question) : TaskResult<TOutputs>
    {
        /// <summary>What the next check finds in its context; null keeps what is there.</summary>
        public JsonObject? Memo { get; init; }
    }

    /// <summary>Wait for an outside event, and take the attempt up again when it was raised or the time is over.</summary>
    /// <param name="EventKey"><c>run:{run id}</c> (raised when that run ends), or any key given to <c>EventStore.RaiseAsync</c>.</param>
    /// <param name="Until">Latest time of the next check; null waits for the event alone.</param>
    public sealed record Deferred(string EventKey, DateTimeOffset? Until = null) : TaskResult<TOutputs>
    {
        /// <summary>What the next check finds in its context; null keeps what is there.</summary>
        public JsonObject? Memo { get; init; }
    }
}
