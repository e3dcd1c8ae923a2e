namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A run's state told more finely: what kind of running, what kind of failed.</summary>
public enum RunSituation
{
    /// <summary>Created; waits for the DAG's limits, or for the DAG to be unpaused.</summary>
    Queued,

    /// <summary>Something of it runs, or can.</summary>
    Running,

    /// <summary>Everything that is not finished waits for an event, a time or a person.</summary>
    Suspended,

    /// <summary>The program that runs one of its attempts has fallen silent; the sweep will take the attempt away from it.</summary>
    Interrupted,

    Success,
    Failed,

    /// <summary>Ended as failed because somebody cancelled it.</summary>
    Cancelled,
}
