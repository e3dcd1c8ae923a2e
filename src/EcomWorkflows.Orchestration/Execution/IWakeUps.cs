namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Asks to be woken when waiting retries are due; without one the node's sweep finds them.</summary>
public interface IWakeUps
{
    Task AtAsync(DateTimeOffset at, CancellationToken cancellationToken);
}
