namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A decision about a run was made looking at an older generation of it; nothing was changed.</summary>
public sealed class StaleGenerationException(long runId, int given, int current)
    : OrchestrationException($"Run {runId} has been changed meanwhile: the decision was made about its generation {given}, it is at {current} now. Look at it again.")
{
    public int Current => current;
}
