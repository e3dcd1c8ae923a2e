namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a backfill does with dates that have a finished run already; Airflow's names.</summary>
public enum ReprocessBehavior
{
    /// <summary>They are left as they are.</summary>
    None,

    /// <summary>Failed runs are run again.</summary>
    Failed,

    /// <summary>Failed and successful runs are run again.</summary>
    Completed,
}
