namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The most that may run at once, by what it is counted over.</summary>
/// <param name="OfDag">Instances of the DAG, over all its runs.</param>
/// <param name="OfRun">Instances of the run.</param>
/// <param name="OfTask">Instances of the task, over all runs of its DAG.</param>
/// <param name="OfTaskInRun">Instances of the task in one run: elements of its mapping.</param>
public readonly record struct QueueCaps(int? OfDag = null, int? OfRun = null, int? OfTask = null, int? OfTaskInRun = null)
{
    public static QueueCaps Of(RunGraph graph, string taskId)
    {
        var task = graph.Task(taskId).Settings;
        return new QueueCaps(graph.Dag.Settings.MaxActiveTasks, graph.Dag.Settings.MaxActiveTasksPerRun, task.MaxActiveInstances, task.MaxActiveInstancesPerRun);
    }
}
