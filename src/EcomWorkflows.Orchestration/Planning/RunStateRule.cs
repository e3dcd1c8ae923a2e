namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The state of a run as a pure function of the states of its task instances; semantics, section 3.</summary>
public static class RunStateRule
{
    /// <param name="states">State of every instance, with whether its task is a leaf.</param>
    /// <param name="failIfAnyFailed">DAG setting: a failure anywhere fails the run, not only that of a leaf.</param>
    public static RunState Decide(IEnumerable<(TaskState State, bool IsLeaf)> states, bool failIfAnyFailed)
    {
        var failed = false;
        foreach (var (state, isLeaf) in states)
        {
            if (!state.IsFinished())
                return RunState.Running;
            if (state is TaskState.Failed or TaskState.UpstreamFailed && (isLeaf || failIfAnyFailed))
                failed = true;
        }
        return failed ? RunState.Failed : RunState.Success;
    }
}
