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
}
