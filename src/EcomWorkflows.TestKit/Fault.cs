using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.TestKit;

/// <summary>One thing that goes wrong.</summary>
internal abstract record Fault
{
    private Fault()
    {
    }

    public sealed record Fail(FailureCause Cause, string Message, bool Retryable) : Fault;

    public sealed record Lose : Fault;

    public sealed record Slow(TimeSpan By) : Fault;
}
