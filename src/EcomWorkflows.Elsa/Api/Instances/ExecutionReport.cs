namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Badges of the nodes that have records.</summary>
internal sealed record ExecutionReport(IReadOnlyList<NodeStat> Stats);
