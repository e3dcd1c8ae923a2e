using System.Text.Json;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a mapped task that is about to run becomes.</summary>
public abstract record MapPlan
{
    private MapPlan()
    {
    }

    /// <summary>The list is not complete yet.</summary>
    public sealed record Wait : MapPlan;

    /// <summary>One instance per element.</summary>
    public sealed record Instances(IReadOnlyList<JsonElement> Items) : MapPlan;

    /// <summary>The list is empty: nothing is left but one skipped instance.</summary>
    public sealed record Empty(string Message) : MapPlan;

    /// <summary>No instance runs: all undecided ones get this state.</summary>
    public sealed record None(TaskState State, string Message) : MapPlan;
}
