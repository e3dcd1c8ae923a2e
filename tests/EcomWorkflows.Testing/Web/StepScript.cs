using System.Collections.Concurrent;

namespace EcomWorkflows.Testing.Web;

/// <summary>Plans of scripted tasks by task id; a task without one succeeds at once.</summary>
public sealed class StepScript
{
    private readonly ConcurrentDictionary<string, StepPlan> plans = new();

    public StepPlan this[string taskId]
    {
        get => plans.GetValueOrDefault(taskId) ?? new StepPlan();
        set => plans[taskId] = value;
    }

    /// <summary>Every task succeeds at once again.</summary>
    public void Clear() => plans.Clear();
}
