namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Where an attempt runs.</summary>
public enum TaskIsolation
{
    /// <summary>In the node's own process.</summary>
    InProcess,

    /// <summary>In a child process, killed as a process group on timeout or cancel; a crash takes down one attempt only.</summary>
    Process,
}
