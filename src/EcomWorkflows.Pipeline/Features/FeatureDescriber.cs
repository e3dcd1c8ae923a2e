using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Describes the distribution of features of any type; texts by count only.</summary>
internal static class FeatureDescriber
{
    private const int HistogramRows = 20_000;

    /// <param name="scan">Table expression with the features as columns.</param>
    /// <param name="key">SQL that tells its rows apart: the histogram of many rows is one of those a hash of it chooses, so the same rows give the same.</param>
    public static IReadOnlyList<FeatureStatistics> Describe(
        DuckDbConnection duck, IReadOnlyList<FeatureDefinition> features, string scan, string key, long rows, CancellationToken cancellationToken)
    {
        const int Measures = 6;
        IReadOnlyList<string> numbers = [.. features.Select(Number)];
        var expressions = features.Zip(numbers, (f, number) =>
        {
            var column = DuckDbSql.Identifier(f.Name);
            return $"count({column}), sum({number}), sum({number} * {number}), min({number}), max({number}), cast(quantile_cont({number}, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) as varchar)";
        });
        using var row = duck.Query($"select {string.Join(", ", expressions)} from {scan}", ct: cancellationToken);
        row.Read();
        IReadOnlyList<FeatureStatistics> statistics = [.. features.Select((feature, i) => FeatureStatistics.From(
            feature.Name, rows, row.Get<long>(i * Measures), row.Get<double?>((i * Measures) + 1) ?? 0, row.Get<double?>((i * Measures) + 2) ?? 0,
            row.Get<double?>((i * Measures) + 3), row.Get<double?>((i * Measures) + 4),
            row.Get<string?>((i * Measures) + 5) is { } list && !list.Contains("NULL", StringComparison.Ordinal) ? [.. list.Trim('[', ']').Split(", ").Select(double.Parse)] : []))];
        row.Dispose();
        var every = Math.Max(1, rows / HistogramRows);
        return FeatureHistogram.AddTo(statistics, duck, every == 1 ? scan : $"(select * from {scan} where hash({key}) % {every} = 0)", numbers, cancellationToken);
    }

    private static string Number(FeatureDefinition feature) => feature.Type switch
    {
        FeatureType.String => "null::double",
        FeatureType.Timestamp => $"epoch({DuckDbSql.Identifier(feature.Name)})::double",
        _ => $"{DuckDbSql.Identifier(feature.Name)}::double",
    };
}
