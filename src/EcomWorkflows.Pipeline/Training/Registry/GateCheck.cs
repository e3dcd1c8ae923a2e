namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>One condition of a promotion.</summary>
/// <param name="Gate">Stable name, for example <c>not_worse</c>.</param>
/// <param name="Detail">What was measured and what was allowed, in words.</param>
public sealed record GateCheck(string Gate, bool Passed, string Detail);
