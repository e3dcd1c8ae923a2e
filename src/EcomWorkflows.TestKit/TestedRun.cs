namespace EcomWorkflows.TestKit;

/// <summary>A run that has ended, with assertions about it; each gives the run back, so that they can be chained.</summary>
/// <param name="Duration">Virtual time the run took.</param>
public sealed record TestedRun(long RunId, string State, TimeSpan Duration, IReadOnlyList<TestedTask> Tasks)
{
    /// <exception cref="DagTestException">The run has no such task, or several instances of it.</exception>
    public TestedTask Task(string taskId, int mapIndex = -1) =>
        Tasks.SingleOrDefault(t => t.TaskId == taskId && t.MapIndex == mapIndex)
        ?? throw new DagTestException($"There is no instance '{taskId}'{(mapIndex < 0 ? "" : $"[{mapIndex}]")}.\n{this}");

    public TestedRun ShouldSucceed() => Check(State == "success", "The run should succeed");

    public TestedRun ShouldFail() => Check(State == "failed", "The run should fail");

    /// <summary>Every instance of the task should be in the state.</summary>
    public TestedRun TaskShouldBe(string taskId, string state)
    {
        var instances = Tasks.Where(t => t.TaskId == taskId).ToList();
        return Check(instances.Count > 0 && instances.All(t => t.State == state), $"Task '{taskId}' should be {state}");
    }

    /// <summary>The tries of the task should have ended so, in order.</summary>
    public TestedRun TriesShouldBe(string taskId, params string[] states) =>
        Check(Task(taskId).Tries.SequenceEqual(states), $"The tries of '{taskId}' should be {string.Join(", ", states)}");

    /// <summary>The run should have taken at least so long, in virtual time. The database keeps times to the microsecond, so less than one may be missing.</summary>
    public TestedRun ShouldTakeAtLeast(TimeSpan duration) => Check(Duration > duration - TimeSpan.FromMicroseconds(1), $"The run should take at least {duration}");

    public override string ToString() => $"Run {RunId} is {State} after {Duration}:\n  {string.Join("\n  ", Tasks)}";

    private TestedRun Check(bool holds, string expectation) => holds ? this : throw new DagTestException($"{expectation}.\n{this}");
}
