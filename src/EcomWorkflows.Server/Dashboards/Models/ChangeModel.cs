using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The preview of a clear or mark.</summary>
/// <param name="Problem">Why it was not done, or cannot be previewed.</param>
public sealed record ChangeModel(RunView View, ChangeQuery Query, RerunReport? Report, string? Problem)
{
    public string Address => $"{Links.Run(View.Run.DagId, View.Run.RunKey)}/change";

    public int Instances => Report?.Runs.Sum(r => r.Instances.Count) ?? 0;

    /// <summary>What the button that does it says.</summary>
    public string Confirmation
    {
        get
        {
            var what = $"{Instances} task instance{(Instances == 1 ? "" : "s")}{(Report!.Runs.Count > 1 ? $" in {Report.Runs.Count} runs" : "")}";
            return Query.IsClear ? $"Run {what} again" : $"Mark {what} as {Query.Do}";
        }
    }
}
