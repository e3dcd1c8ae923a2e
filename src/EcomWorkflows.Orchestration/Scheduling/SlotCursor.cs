namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>How far a DAG's schedule has come.</summary>
/// <param name="FirstImportedAt">When the DAG became known; without a start date nothing before it is due.</param>
/// <param name="EffectiveFrom">When the schedule last changed; null: never.</param>
/// <param name="Last">The newest slot that has its run; null: none yet.</param>
public sealed record SlotCursor(DateTimeOffset FirstImportedAt, DateTimeOffset? EffectiveFrom, DataInterval? Last);
