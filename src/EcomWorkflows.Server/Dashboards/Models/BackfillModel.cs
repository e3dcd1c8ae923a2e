using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One backfill with what was done about each date, and why.</summary>
public sealed record BackfillModel(BackfillInfo Backfill, IReadOnlyList<BackfillDateInfo> Dates, string? Notice);
