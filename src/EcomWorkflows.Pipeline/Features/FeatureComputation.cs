using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Computes the customer activity view in one DuckDB connection.</summary>
internal sealed class FeatureComputation(DuckDbConnection duckDb, IReadOnlyList<FeatureDefinition> features, CancellationToken cancellationToken)
{
    private const int QuantileRows = 20_000;

    /// <summary>Makes silver readable and prepares what the rows at any as-of time are computed from.</summary>
    /// <param name="eventsScan">Table expression of silver events; likewise <paramref name="customersScan"/>.</param>
    /// <returns>Time of the first and the last event.</returns>
    /// <exception cref="TaskFailedException">There are no events.</exception>
    public (DateTimeOffset First, DateTimeOffset Last) Load(string source, string eventsScan, string customersScan)
    {
        duckDb.Execute(
            $"""
            create temp view events as
            select *
            from {eventsScan};

            create temp table customers as
            select customer_id, home_country
            from {customersScan}
            where {(features.Any(f => f.Group == CustomerActivityFeatures.Profile) ? "true" : "false")}
            """,
            ct: cancellationToken);
        var span = duckDb.QueryRows(
            """
            select min(event_time), max(event_time)
            from events
            """,
            row => (First: row.Get<DateTime?>(0), Last: row.Get<DateTime?>(1)), ct: cancellationToken)[0];
        if (span is not ({ } first, { } last))
            throw new TaskFailedException(
                $"silver.{source}.events is empty: there is nothing to compute features from. Look at the reports of validation and preparation for where the rows went.",
                FailureCause.BadData, retryable: false);
        return (Utc(first), Utc(last));
    }

    /// <summary>Prepares the events; before <see cref="Compute"/>.</summary>
    public void Prepare() => duckDb.Execute(CustomerActivitySql.Events(features), ct: cancellationToken);

    /// <summary>Writes the rows of one as-of time into a file.</summary>
    /// <param name="createdAt">When these values became known.</param>
    public FeatureRows Compute(DateTimeOffset asOf, DateTimeOffset createdAt, string path)
    {
        duckDb.Execute(
            """
            create or replace temp table as_of as
            select $as_of::timestamp as event_timestamp
            """,
            new { as_of = asOf.UtcDateTime }, cancellationToken);
        var rows = duckDb.Execute(
            $"""
            copy (
            {CustomerActivitySql.Rows(features)}
            ) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}
            """,
            new { created_timestamp = createdAt.UtcDateTime }, cancellationToken);
        return new FeatureRows(asOf, path, rows, Describe(path, rows));
    }

    /// <summary>Rows for the online store: the key, then the features.</summary>
    public DuckDbReader Read(string path) =>
        duckDb.Query(
            $"""
            select customer_id, {string.Join(", ", features.Select(f => f.Name))}
            from read_parquet({DuckDbSql.Literal(path)})
            """,
            ct: cancellationToken);

    private IReadOnlyList<FeatureStatistics> Describe(string path, long rows)
    {
        // By hash, not at random: the same rows always give the same sample.
        var every = Math.Max(1, rows / QuantileRows);
        duckDb.Execute(
            $"""
            create or replace temp table sample as
            select {string.Join(", ", features.Select(f => f.Name))}
            from read_parquet({DuckDbSql.Literal(path)})
            where hash(customer_id) % {every} = 0
            """,
            ct: cancellationToken);
        // Of these, the file's footer knows the answer; asked together with the sums, all of them would be counted.
        var bounds = OfEach(
            path, "count({0}), min({0}), max({0})", measures: 3,
            (row, first) => (Count: row.Get<long>(first), Min: row.Get<double?>(first + 1), Max: row.Get<double?>(first + 2)));
        var sums = OfEach(
            path, "sum({0}), sum({0} * {0}), (select cast(quantile_cont({0}, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) as varchar) from sample)", measures: 3,
            (row, first) => (Sum: row.Get<double?>(first) ?? 0, Squares: row.Get<double?>(first + 1) ?? 0, Quantiles: row.Get<string?>(first + 2)));
        IReadOnlyList<FeatureStatistics> statistics = [.. features.Select((feature, i) => FeatureStatistics.From(
            feature.Name, rows, bounds[i].Count, sums[i].Sum, sums[i].Squares, bounds[i].Min, bounds[i].Max,
            sums[i].Quantiles is { } list ? [.. list.Trim('[', ']').Split(", ").Select(double.Parse)] : []))];
        return FeatureHistogram.AddTo(statistics, duckDb, "sample", [.. features.Select(f => $"{f.Name}::double")], cancellationToken);
    }

    /// <summary>Aggregates of every feature over the rows of a file.</summary>
    /// <param name="aggregates">So many expressions, with <c>{0}</c> for the feature.</param>
    private T[] OfEach<T>(string path, string aggregates, int measures, Func<DuckDbReader, int, T> read)
    {
        using var row = duckDb.Query(
            $"""
            select {string.Join(", ", features.Select(f => aggregates.Replace("{0}", f.Name, StringComparison.Ordinal)))}
            from read_parquet({DuckDbSql.Literal(path)})
            """,
            ct: cancellationToken);
        row.Read();
        return [.. features.Select((_, i) => read(row, i * measures))];
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc), TimeSpan.Zero);
}
