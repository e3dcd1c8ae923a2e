using System.Globalization;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The dates of a backfill, or why there can be none; semantics, section 7.</summary>
public static class BackfillPlan
{
    /// <summary>Dates of one backfill at the most.</summary>
    public const int MaxDates = 10_000;

    /// <summary>The complete slots of the range, in the order the backfill goes through them.</summary>
    /// <exception cref="OrchestrationException">The request makes no sense for this DAG; the message says why and what to do.</exception>
    public static IReadOnlyList<DataInterval> Slots(Dag dag, BackfillRequest request, DateTimeOffset now)
    {
        if (request.From > request.To)
            throw new OrchestrationException($"The backfill's first date {Show(request.From)} is after its last, {Show(request.To)}. Exchange them.");
        if (request.From > now)
            throw new OrchestrationException($"Both dates are in the future ({Show(request.From)} to {Show(request.To)}); a backfill is about the past. The schedule will run them.");
        if (request.MaxActiveRuns is < 1 or > 10_000)
            throw new OrchestrationException($"max_active_runs is {request.MaxActiveRuns}. Use 1 to 10000.");
        if (DagSchedule.Create(dag.Settings) is not { IsPeriodic: true } schedule)
            throw new OrchestrationException($"DAG {dag.DagId} has no periodic schedule, so there are no dates to fill. Trigger it for the dates you need, or give it a schedule.");
        if (request.RunBackwards && dag.Tasks.FirstOrDefault(t => t.Settings.DependsOnPast) is { } dependent)
            throw new OrchestrationException($"Task '{dependent.TaskId}' depends on its past, so the dates cannot run newest first. Leave the order as it is.");
        if (ParamRules.Resolve(dag.Params, request.Params).Problems is { Count: > 0 } problems)
            throw new OrchestrationException($"DAG {dag.DagId} cannot run with these parameters: {string.Join("; ", problems)}.");
        var slots = schedule.Complete(request.From, now).TakeWhile(s => s.Start <= request.To).Take(MaxDates + 1).ToList();
        if (slots.Count == 0)
            throw new OrchestrationException($"The schedule has no complete interval that starts from {Show(request.From)} to {Show(request.To)}. Widen the range.");
        if (slots.Count > MaxDates)
            throw new OrchestrationException($"The range has more than {MaxDates:N0} dates, the most one backfill takes; the last would be {Show(slots[MaxDates - 1].Start)}. Split it.");
        if (request.RunBackwards)
            slots.Reverse();
        return slots;
    }

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
