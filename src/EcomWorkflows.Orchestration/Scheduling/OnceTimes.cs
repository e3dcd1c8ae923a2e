namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary><c>@once</c>: fires at the DAG's start date and never again.</summary>
internal sealed class OnceTimes(DateTimeOffset at) : FireTimes
{
    public override DateTimeOffset? NextAfter(DateTimeOffset after) => after < at ? at : null;

    public override DateTimeOffset? LastUntil(DateTimeOffset until) => until >= at ? at : null;
}
