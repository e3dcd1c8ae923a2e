namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Something that must happen now and then whatever wakes it sooner; safe to run on several nodes at once.</summary>
public interface ISweepStep
{
    Task SweepAsync(CancellationToken cancellationToken);
}
