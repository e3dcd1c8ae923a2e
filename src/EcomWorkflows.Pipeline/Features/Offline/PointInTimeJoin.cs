using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>Joins rows asked for (<c>pair</c>) with histories: of each view the newest row with event time ≤ t, known at ≤ t, within the view's TTL of t.</summary>
/// <remarks>
/// Two scans of a history. The first finds, by a hash join on the entity, the newest event time each row may see; it reads three columns. The second takes the features of just those rows,
/// of several versions of one row the one known last. Where few entities are asked for at very many times each, the join would multiply; then history is reduced to its records instead:
/// ordered by when they could first be seen, only rows newer than all before them matter, and of those an as-of join finds the last.
/// </remarks>
internal sealed class PointInTimeJoin(DuckDbConnection duck, HistoricalPlan plan, DateTimeOffset? knownBy, CancellationToken cancellationToken)
{
    /// <summary>Times asked for per entity, weighted by rows, above which the join on the entity would multiply too much.</summary>
    private const double ManyTimes = 64;

    /// <param name="foundColumn">Name of a column with the newest event time among the rows found, null where none was; without a name there is no such column.</param>
    /// <returns>SELECT of the result, in the order asked.</returns>
    public string Run(IReadOnlyList<HistoryScan> scans, string? foundColumn = null)
    {
        foreach (var (i, scan) in scans.Index())
        {
            scan.Attach(duck, $"history_{i}", cancellationToken);
            Join(i, scan.View);
        }
        var joins = scans.Select((_, i) => $"left join got_{i} using (pair_id)");
        return
            $"""
            select pair.* exclude (pair_id){(foundColumn is null ? "" : $", greatest({string.Join(", ", scans.Select((_, i) => $"got_{i}.found"))}) as {foundColumn}")}{string.Concat(plan.Columns.Select(c => $", {Sql(c)} as {DuckDbSql.Identifier(c.Name)}"))}
            from pair
            {string.Join('\n', joins)}
            order by pair.pair_id
            """;
    }

    private void Join(int i, FeatureView view)
    {
        duck.Execute(
            $"""
            create temp table wanted_{i} as
            select pair_id, {HistoryScan.KeyOf(view.JoinKeys)} as entity_key, event_timestamp as t
            from pair
            """,
            ct: cancellationToken);
        var timesPerEntity = duck.Scalar<double?>(
            $"""
            select sum(n * n) / sum(n)
            from (select count(*)::double as n from wanted_{i} group by entity_key)
            """,
            ct: cancellationToken) ?? 0;
        duck.Execute(timesPerEntity <= ManyTimes ? BestByEntity(i) : BestByRecords(i), Parameters, cancellationToken);
        var features = string.Concat(plan.FeaturesOf(i).Select(f => $", h.{DuckDbSql.Identifier(f)}"));
        duck.Execute(
            $"""
            create temp table got_{i} as
            select b.pair_id, b.event_timestamp as found{features}
            from best_{i} b
            join history_{i} h on h.entity_key = b.entity_key and h.event_timestamp = b.event_timestamp and h.created_timestamp <= {Known("b.t")}
            where {Fresh(view)}
            qualify row_number() over (partition by b.pair_id order by h.created_timestamp desc) = 1
            """,
            Parameters, cancellationToken);
    }

    private string BestByEntity(int i) =>
        $"""
        create temp table best_{i} as
        select w.pair_id, any_value(w.entity_key) as entity_key, any_value(w.t) as t, max(h.event_timestamp) as event_timestamp
        from wanted_{i} w
        join history_{i} h on h.entity_key = w.entity_key and h.event_timestamp <= w.t and h.created_timestamp <= {Known("w.t")}
        group by w.pair_id
        """;

    private string BestByRecords(int i) =>
        $"""
        create temp table best_{i} as
        with seen as (
          select entity_key, max(event_timestamp) as event_timestamp, {(knownBy is null ? "greatest(event_timestamp, created_timestamp)" : "event_timestamp")} as visible
          from history_{i}
          where entity_key in (select entity_key from wanted_{i})
            and {(knownBy is null ? "true" : "created_timestamp <= $known_by::timestamp")}
          group by all
        ),
        record as (
          select *
          from (
            select *, max(event_timestamp) over (partition by entity_key order by visible rows between unbounded preceding and 1 preceding) as newest
            from seen
          )
          where newest is null
             or event_timestamp > newest
        )
        select w.pair_id, w.entity_key, w.t, r.event_timestamp
        from wanted_{i} w
        asof join record r on r.entity_key = w.entity_key and w.t >= r.visible
        """;

    private object? Parameters => knownBy is { } at ? new { known_by = at.UtcDateTime } : null;

    private string Known(string own) => knownBy is null ? own : "$known_by::timestamp";

    private static string Fresh(FeatureView view) =>
        view.Ttl is { } ttl ? $"b.event_timestamp >= b.t - to_microseconds({(long)ttl.TotalMicroseconds})" : "true";

    private static string ColumnOf(int view, string feature) =>
        view < 0 ? $"cast(pair.{DuckDbSql.Identifier(feature)} as double)" : $"got_{view}.{DuckDbSql.Identifier(feature)}";

    private string Sql(HistoricalColumn column)
    {
        if (column.Expression is not { } expression)
            return ColumnOf(column.View, column.Feature);
        return expression.ToSql([.. column.Inputs.Select(input => NumberOf(input.View, input.Feature))]);
    }

    /// <summary>An input of an expression as a number: true is 1, a time microseconds since 1970.</summary>
    private string NumberOf(int view, string feature)
    {
        var sql = ColumnOf(view, feature);
        if (view < 0)
            return sql;
        return plan.Views[view].Features.First(f => f.Name == feature).Type switch
        {
            FeatureType.Timestamp => $"epoch_us({sql})::double",
            FeatureType.String => "null::double",
            _ => $"{sql}::double",
        };
    }
}
