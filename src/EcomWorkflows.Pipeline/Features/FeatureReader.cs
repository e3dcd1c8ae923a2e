using Dapper;
using EcomWorkflows.Pipeline.Features.Online;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>What pages show of a view besides its definition: freshness, statistics over time, drift, proofs, samples, users.</summary>
public sealed class FeatureReader(NpgsqlDataSource database)
{
    private const int MostPoints = 60;

    /// <summary>When each view's newest materialisation was made, by view id.</summary>
    public async Task<IReadOnlyDictionary<int, DateTimeOffset>> FreshnessAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(int View, DateTime At)>(new CommandDefinition(
            "select view_id, max(created_at) from features.materialization group by view_id", cancellationToken: cancellationToken)))
            .ToDictionary(r => r.View, r => new DateTimeOffset(r.At));
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<FeatureMaterialization>> MaterializationsAsync(FeatureView view, int limit, CancellationToken cancellationToken) =>
        await QueryAsync<FeatureMaterialization>(
            """
            select version, as_of, rows, online, run_id, created_at
            from features.materialization
            where view_id = @Id
            order by id desc
            limit @limit
            """,
            new { view.Id, limit }, cancellationToken);

    /// <summary>The statistics of the version, by feature; of several materialisations of one as-of time the newest.</summary>
    public async Task<IReadOnlyList<FeatureTrend>> TrendsAsync(FeatureView view, CancellationToken cancellationToken)
    {
        var points = await QueryAsync<TrendRow>(
            """
            with time as (
              select distinct on (as_of) id, as_of
              from features.materialization
              where view_id = @Id
                and version = @Version
                and rows > 0
              order by as_of desc, id desc
              limit @MostPoints
            )
            select s.feature, t.as_of, s.mean, s.null_rate, s.min, s.max,
              case when t.as_of = max(t.as_of) over () then s.histogram_edges end as edges,
              case when t.as_of = max(t.as_of) over () then s.histogram_counts end as counts
            from time t
            join features.feature_statistics s on s.materialization_id = t.id
            order by t.as_of
            """,
            new { view.Id, view.Version, MostPoints }, cancellationToken);
        var byFeature = points.ToLookup(p => p.Feature);
        return
        [
            .. view.Features.Select(f => new FeatureTrend(f.Name, [.. byFeature[f.Name].Select(p => new FeatureTrendPoint(p.AsOf, p.Mean, p.NullRate, p.Min, p.Max))])
            {
                Histogram = byFeature[f.Name].LastOrDefault() is { Edges: { } edges, Counts: { } counts } ? new FeatureHistogram(edges, counts) : null,
            }),
        ];
    }

    /// <summary>Null where drift was never checked.</summary>
    public async Task<FeatureDriftCheck?> DriftAsync(FeatureView view, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync<DriftRow>(
            """
            select checked_at, as_of, reference_as_of, feature, rows, reference_rows, psi, psi_threshold, ks, ks_threshold, null_rate, reference_null_rate, null_threshold
            from features.drift
            where view_id = @Id
              and version = @Version
              and checked_at = (select max(checked_at) from features.drift where view_id = @Id and version = @Version)
            """,
            new { view.Id, view.Version }, cancellationToken);
        return rows.Count == 0
            ? null
            : new FeatureDriftCheck(rows[0].CheckedAt, rows[0].AsOf, rows[0].ReferenceAsOf, [.. rows.Select(r => r.ToDrift()).OrderByDescending(d => d.Psi ?? -1)]);
    }

    /// <summary>The newest proof that online equals offline; null before the first.</summary>
    public async Task<FeatureConsistency?> ConsistencyAsync(FeatureView view, CancellationToken cancellationToken) =>
        await QueryAsync<FeatureConsistency>(
            """
            select version, checked_at, entities, cells, equal, examples::text as examples
            from features.consistency_check
            where view_id = @Id
            order by id desc
            limit 1
            """,
            new { view.Id }, cancellationToken) is [var newest] ? newest : null;

    public Task<IReadOnlyList<FeatureModelUse>> ModelsAsync(CancellationToken cancellationToken) => QueryAsync<FeatureModelUse>(
        """
        select service, service_version, model, model_version
        from features.service_use
        order by model, model_version desc
        """,
        new { }, cancellationToken);

    /// <summary>Some rows of the online store; none where nothing is served.</summary>
    public async Task<IReadOnlyList<FeatureSample>> SampleAsync(FeatureView view, int limit, CancellationToken cancellationToken)
    {
        if (view is not { Online: true, From.OnDemand: false })
            return [];
        var rows = await QueryAsync<OnlineStoreRow>(
            $"""
            select entity_key, event_timestamp, "values"
            from {view.OnlineTable}
            order by entity_key
            limit @limit
            """,
            new { limit }, cancellationToken);
        return [.. rows.Select(r => new FeatureSample(
            r.EntityKey.Split('\u001F'), r.EventTimestamp, Values(CompactValues.Expand(r.Values, view.Features.Count))))];

        object?[] Values(byte[] packed) => [.. view.Features.Select((_, i) => PackedValues.Value(packed, view.Features, i))];
    }

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }

    private sealed record TrendRow
    {
        public string Feature { get; init; } = "";

        public DateTimeOffset AsOf { get; init; }

        public double? Mean { get; init; }

        public double NullRate { get; init; }

        public double? Min { get; init; }

        public double? Max { get; init; }

        public double[]? Edges { get; init; }

        public long[]? Counts { get; init; }
    }

    private sealed record DriftRow
    {
        public DateTimeOffset CheckedAt { get; init; }

        public DateTimeOffset AsOf { get; init; }

        public DateTimeOffset ReferenceAsOf { get; init; }

        public string Feature { get; init; } = "";

        public long Rows { get; init; }

        public long ReferenceRows { get; init; }

        public double? Psi { get; init; }

        public double? PsiThreshold { get; init; }

        public double? Ks { get; init; }

        public double? KsThreshold { get; init; }

        public double NullRate { get; init; }

        public double ReferenceNullRate { get; init; }

        public double NullThreshold { get; init; }

        public FeatureDrift ToDrift() => new(Feature, Rows, ReferenceRows, Psi, PsiThreshold, Ks, KsThreshold, NullRate, ReferenceNullRate, NullThreshold);
    }
}
