using System.Runtime.InteropServices;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Describes the distribution of features of any type in one pass over their rows; texts by count only.</summary>
internal sealed class FeatureDescriber(IReadOnlyList<FeatureDefinition> features)
{
    /// <summary>Of more rows, quantiles and histograms are of about so many.</summary>
    private const int SampleRows = 20_000;

    private static readonly double[] Quantiles = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    private readonly FeatureMoments[] moments = [.. features.Select(_ => new FeatureMoments())];
    private readonly List<int> sampledRows = [];

    /// <summary>Of how many rows one belongs to the sample, where there are about so many.</summary>
    public static long SampledOf(long rows) => Math.Max(1, rows / SampleRows);

    /// <summary>SQL that tells whether a row belongs to the sample.</summary>
    /// <param name="key">SQL that tells the rows apart: those a hash of it chooses are the sample, so the same rows give the same.</param>
    public static string Sampled(string key, long every) => every == 1 ? "true" : $"hash({key}) % {every} = 0";

    /// <param name="scan">Table expression with the features as columns.</param>
    /// <param name="key">As <see cref="Sampled"/> takes it.</param>
    /// <param name="rows">How many it has.</param>
    public static IReadOnlyList<FeatureStatistics> Describe(
        DuckDbConnection duck, IReadOnlyList<FeatureDefinition> features, string scan, string key, long rows, CancellationToken cancellationToken)
    {
        var describer = new FeatureDescriber(features);
        using var reader = duck.Query($"select {string.Join(", ", features.Select(Number))}, {Sampled(key, SampledOf(rows))} from {scan}", ct: cancellationToken);
        while (reader.NextChunk())
            describer.Add(reader, 0, features.Count);
        return describer.Describe(rows);
    }

    /// <summary>Looks at the reader's current chunk.</summary>
    /// <param name="first">Column of the first feature; all of them are doubles.</param>
    /// <param name="sample">Column that tells whether a row belongs to the sample.</param>
    public void Add(DuckDbReader reader, int first, int sample)
    {
        sampledRows.Clear();
        var chosen = reader.Column<byte>(sample);
        for (var row = 0; row < reader.ChunkRows; row++)
            if (chosen[row] != 0)
                sampledRows.Add(row);
        var sampled = CollectionsMarshal.AsSpan(sampledRows);
        for (var i = 0; i < moments.Length; i++)
            moments[i].Add(reader.Column<double>(first + i)[..reader.ChunkRows], reader.Validity(first + i), sampled);
    }

    /// <param name="rows">How many rows there were.</param>
    public IReadOnlyList<FeatureStatistics> Describe(long rows) => [.. features.Zip(moments, (feature, found) => Describe(feature, found, rows))];

    private static FeatureStatistics Describe(FeatureDefinition feature, FeatureMoments found, long rows)
    {
        if (feature.Type == FeatureType.String)
            return FeatureStatistics.From(feature.Name, rows, found.Count, sum: 0, squares: 0, min: null, max: null, quantiles: []) with { Mean = null, Std = null };
        var sample = found.Sample;
        sample.Sort();
        var statistics = FeatureStatistics.From(
            feature.Name, rows, found.Count, found.Sum, found.Squares, found.Min, found.Max, sample.Count == 0 ? [] : [.. Quantiles.Select(q => At(sample, q))]);
        return statistics with { Histogram = FeatureHistogram.Of(statistics, sample) };
    }

    /// <summary>Between two values, in proportion to how near each is.</summary>
    private static double At(List<double> sorted, double quantile)
    {
        var place = quantile * (sorted.Count - 1);
        var (below, above) = (sorted[(int)place], sorted[(int)Math.Ceiling(place)]);
        return below + ((above - below) * (place - Math.Floor(place)));
    }

    /// <summary>A text is not a number, but there: it counts.</summary>
    private static string Number(FeatureDefinition feature) => feature.Type switch
    {
        FeatureType.String => $"case when {DuckDbSql.Identifier(feature.Name)} is not null then 'nan'::double end",
        FeatureType.Timestamp => $"epoch({DuckDbSql.Identifier(feature.Name)})::double",
        _ => $"{DuckDbSql.Identifier(feature.Name)}::double",
    };
}
