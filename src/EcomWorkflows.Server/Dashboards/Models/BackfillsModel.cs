using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The backfills there are, and the one a person is about to make.</summary>
/// <param name="Plan">What it would do, date by date; null before a preview.</param>
/// <param name="Problem">Why it cannot be made.</param>
public sealed record BackfillsModel(
    IReadOnlyList<BackfillInfo> Backfills, IReadOnlyList<string> DagIds, BackfillForm Form, IReadOnlyList<BackfillDate>? Plan, string? Notice, string? Problem);
