namespace EcomWorkflows.Orchestration;

/// <summary>The DAG, run, task or attempt that was asked for does not exist.</summary>
public sealed class NotFoundException(string message) : OrchestrationException(message);
