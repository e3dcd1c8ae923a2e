using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>When a DAG's schedule fires next.</summary>
/// <param name="Words">The schedule in words.</param>
/// <param name="Expressions">As it is written.</param>
/// <param name="Zone">IANA name of the zone it is read in.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
public sealed record ScheduleModel(string DagId, bool IsPaused, string Words, string Expressions, TimeZoneInfo Zone, IReadOnlyList<FireTime> Times, string? Problem);
