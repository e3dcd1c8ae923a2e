namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The closed set of ways an attempt may end by its own word; a failure is thrown as <see cref="TaskFailedException"/>.</summary>
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
}
