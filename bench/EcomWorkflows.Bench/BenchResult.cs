namespace EcomWorkflows.Bench;

/// <summary>One figure of a benchmark beside the reference measured in the same run.</summary>
/// <param name="Ratio"><paramref name="Value"/> ÷ <paramref name="ReferenceValue"/>: ratios travel between machines, absolute times do not.</param>
/// <param name="Goal">What was promised, in words.</param>
internal sealed record BenchResult(
    string Name, double Value, string Unit, string? Reference, double? ReferenceValue, double? Ratio, string? Goal, bool? Met);
