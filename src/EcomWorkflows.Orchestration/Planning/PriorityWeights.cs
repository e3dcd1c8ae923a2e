using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The effective weights that order the queue; semantics, section 8.</summary>
public static class PriorityWeights
{
    /// <summary>A task's own weight and, by its rule, those of all its distinct descendants or ancestors; bounded to the range of <see cref="int"/>.</summary>
    public static int Of(RunGraph graph, string taskId)
    {
        var settings = graph.Task(taskId).Settings;
        IEnumerable<string> counted = settings.PriorityRule switch
        {
            PriorityRule.Downstream => graph.WithDescendants([taskId]),
            PriorityRule.Upstream => graph.WithAncestors([taskId]),
            _ => [taskId],
        };
        return (int)Math.Clamp(counted.Sum(id => (long)graph.Task(id).Settings.PriorityWeight), -int.MaxValue, int.MaxValue);
    }
}
