using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Describes the distribution of features of any type; texts by count only.</summary>
internal static class FeatureDescriber
{
    /// <param name="scan">Table expression with the features as columns.</param>
    public static IReadOnlyList<FeatureStatistics> Describe(
        DuckDbConnection duck, IReadOnlyList<FeatureDefinition> features, string scan, long rows, CancellationToken cancellationToken)
    {
        const int Measures = 6;
        var expressions = features.Select(f =>
        {
            var column = DuckDbSql.Identifier(f.Name);
            var number = f.Type switch
            {
                FeatureType.String => "null::double",
                FeatureType.Timestamp => $"epoch({column})",
                _ => $"{column}::double",
            };
            return $"count({column}), sum({number}), sum({number} * {number}), min({number}), max({number}), cast(quantile_cont({number}, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) as varchar)";
        });
        using var row = duck.Query($"select {string.Join(", ", expressions)} from {scan}", ct: cancellationToken);
        row.Read();
        return [.. features.Select((feature, i) => FeatureStatistics.From(
            feature.Name, rows, row.Get<long>(i * Measures), row.Get<double?>((i * Measures) + 1) ?? 0, row.Get<double?>((i * Measures) + 2) ?? 0,
            row.Get<double?>((i * Measures) + 3), row.Get<double?>((i * Measures) + 4),
            row.Get<string?>((i * Measures) + 5) is { } list && !list.Contains("NULL", StringComparison.Ordinal) ? [.. list.Trim('[', ']').Split(", ").Select(double.Parse)] : []))];
    }
}
