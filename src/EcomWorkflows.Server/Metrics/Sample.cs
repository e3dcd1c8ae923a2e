namespace EcomWorkflows.Server.Metrics;

/// <summary>One value of a metric.</summary>
/// <param name="Suffix">Appended to the metric's name, for example <c>_count</c>; empty for the metric itself.</param>
internal sealed record Sample(double Value, IReadOnlyList<(string Name, string Value)> Labels, string Suffix = "")
{
    public static Sample Of(double value, params (string Name, string Value)[] labels) => new(value, labels);
}
