namespace EcomWorkflows.Orchestration.Dags;

/// <summary>When a task runs, given the outcomes of its upstreams (semantics: Airflow's trigger rules).</summary>
public enum TriggerRule
{
    AllSuccess,
    AllFailed,
    AllDone,
    OneSuccess,
    OneFailed,
    OneDone,
    NoneFailed,
    NoneFailedMinOneSuccess,
    NoneSkipped,
    AllSkipped,
    AllDoneMinOneSuccess,
    AllDoneSetupSuccess,
    Always,
}
