using System.Diagnostics.CodeAnalysis;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A run as Elsa's workflow instance.</summary>
internal sealed record InstanceDetails : InstanceSummary
{
    [SetsRequiredMembers]
    public InstanceDetails(InstanceSummary summary, InstanceState state)
        : base(summary) => WorkflowState = state;

    public InstanceState WorkflowState { get; }
}
