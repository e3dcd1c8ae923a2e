using System.Collections.Concurrent;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.TestKit;

/// <summary>What shall go wrong: by task and try. Each happens before the task itself is called, once.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<(string TaskId, int Try), Fault> planned = new();

    /// <summary>Fails a try of a task, as the task itself might.</summary>
    public void FailTry(string taskId, int tryNumber, FailureCause cause = FailureCause.UserError, string message = "a fault of the test", bool retryable = true) =>
        planned[(taskId, tryNumber)] = new Fault.Fail(cause, message, retryable);

    /// <summary>Loses the worker in a try of a task: its node's lease runs out while the task is running, and another node takes over.</summary>
    public void LoseWorker(string taskId, int tryNumber) => planned[(taskId, tryNumber)] = new Fault.Lose();

    /// <summary>Lets a try of a task take that much longer, in virtual time.</summary>
    public void Delay(string taskId, int tryNumber, TimeSpan by) => planned[(taskId, tryNumber)] = new Fault.Slow(by);

    /// <summary>Faults that have not happened: a test that planned one usually expects none here.</summary>
    public IReadOnlyCollection<string> NotHappened => [.. planned.Keys.Select(k => $"{k.TaskId}, try {k.Try}").Order(StringComparer.Ordinal)];

    internal Fault? Take(string taskId, int tryNumber) => planned.TryRemove((taskId, tryNumber), out var fault) ? fault : null;
}
