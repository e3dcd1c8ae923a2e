using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The form for a manual run.</summary>
/// <param name="LogicalDate">What stands in the field, <c>2026-11-01T06:00</c>, UTC; empty means now.</param>
/// <param name="Problem">What is wrong with the request as a whole.</param>
public sealed record StartModel(
    Dag Dag, bool IsPaused, IReadOnlyList<ParamField> Fields, string LogicalDate, string? LogicalDateError, string RunKey, string Note, string? Problem)
{
    public bool HasErrors => Problem is not null || LogicalDateError is not null || Fields.Any(f => f.Error is not null);

    public static StartModel Of(Dag dag, bool isPaused) => new(dag, isPaused, [.. dag.Params.Select(ParamField.Of)], "", null, "", "", null);
}
