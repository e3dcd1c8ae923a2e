namespace EcomWorkflows.Bench.Orchestrator;

internal sealed record WorkOutputs(int Try);
