using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>A run in the real storage beside what the reference interpreter says of it.</summary>
internal sealed class RunUnderTest(long runId, int seed, Dag dag, ReferenceRun reference)
{
    public long RunId => runId;

    public Dag Dag => dag;

    public ReferenceRun Reference => reference;

    /// <summary>What was done to it, for the message of a failure.</summary>
    public List<string> History { get; } = [];

    public bool IsPaused { get; set; }

    public void Say(string what) => History.Add(what);

    public string Describe() =>
        $"seed {seed}, run {runId}: {string.Join("; ", dag.Tasks.Select(Describe))}\nhistory: {string.Join(" | ", History)}";

    private string Describe(DagTask task) =>
        $"{task.TaskId}[{(task.TaskType == "Test.Scripted" ? "" : task.TaskType[5..] + (task.Inputs["respectTriggerRules"]?.GetValue<bool>() == true ? "-direct " : " "))}{task.Settings.TriggerRule}"
        + $"{(task.Settings.IsSetup ? " setup" : "")}{(task.Settings.IsTeardown ? " teardown" : "")}{(task.Settings.MapOver is { } over ? " over " + over : "")}"
        + $"{(task.Settings.HandlesFailure ? " handler" : "")}{(task.Settings.CountsForRun is { } counts ? " counts=" + counts : "")} retries={task.Settings.Retries}/{task.Settings.InfraRetries}]"
        + $"<-{string.Join(",", dag.Edges.Where(e => e.To == task.TaskId).Select(e => e.Port == DagEdge.DonePort ? e.From : $"{e.From}:{e.Port}"))}";
}
