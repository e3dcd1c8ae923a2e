using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>A compiled check and its place in the suite.</summary>
internal sealed record OrderedCheck(int Ordinal, Check Check);
