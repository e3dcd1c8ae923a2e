namespace EcomWorkflows.Pipeline.Preparation;

internal sealed record CountOf(string Value, long Count);
