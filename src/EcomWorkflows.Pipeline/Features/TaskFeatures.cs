using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Features as they were, for a task that computes with them in a DuckDB connection of its own: the only way training and scoring get at any.</summary>
public sealed class TaskFeatures
{
    /// <summary>Column with the time of the values found; never after the time asked for.</summary>
    public const string AsOfColumn = "feature_as_of";

    private readonly HistoricalPlan plan;
    private readonly IReadOnlyList<HistoryScan> scans;
    private readonly LakeSnapshot main;
    private readonly string mainScan;

    /// <param name="main">Newest known rows of the first view.</param>
    internal TaskFeatures(HistoricalPlan plan, IReadOnlyList<HistoryScan> scans, LakeSnapshot main, string mainScan) =>
        (this.plan, this.scans, this.main, this.mainScan) = (plan, scans, main, mainScan);

    /// <summary>Names, in the order asked for.</summary>
    public IReadOnlyList<string> Names => [.. plan.Columns.Select(c => c.Name)];

    public IReadOnlyList<string> JoinKeys => plan.JoinKeys;

    /// <summary>The first of the views, at the version that is read.</summary>
    public FeatureView View => plan.Views[0];

    /// <summary>Lake snapshot with the newest known rows of <see cref="View"/>.</summary>
    public long SnapshotId => main.SnapshotId;

    /// <summary>
    /// The rows of every entity at exactly these times, where that is the same as the point-in-time join of those entities: one view, computed by its task for all entities at
    /// each of the times, and no time missing. A third of the cost of the join. Null where it is not so.
    /// </summary>
    /// <returns>Table expression: the join keys, <c>event_timestamp</c>, <see cref="AsOfColumn"/>, the features.</returns>
    public string? AtExactly(DuckDbConnection duck, IReadOnlyCollection<DateTimeOffset> times, CancellationToken cancellationToken)
    {
        if (plan.Views.Count > 1 || View.From.Task is null || scans[0].Pushed.Count > 0 || plan.Columns.Any(c => c.Expression is not null))
            return null;
        var literals = string.Join(", ", times.Select(t => $"timestamp '{t.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}'"));
        var present = duck.Scalar<long>($"select count(distinct event_timestamp) from {mainScan} where event_timestamp in ({literals})", ct: cancellationToken);
        return present < times.Distinct().Count()
            ? null
            : $"""
              (
                select {string.Join(", ", JoinKeys.Select(DuckDbSql.Identifier))}, event_timestamp, event_timestamp as {AsOfColumn}{string.Concat(plan.Columns.Select(Column))}
                from {mainScan}
                where event_timestamp in ({literals})
              )
              """;
    }

    /// <summary>The point-in-time join of the rows in table <c>pair</c> (<c>pair_id</c>, the join keys as text, <c>event_timestamp</c>), as known at a time; without rows that nothing is known of.</summary>
    /// <returns>As of <see cref="AtExactly"/>.</returns>
    public string AsOf(DuckDbConnection duck, DateTimeOffset knownBy, CancellationToken cancellationToken) =>
        $"""
        (
          select *
          from ({new PointInTimeJoin(duck, plan, knownBy, cancellationToken).Run(scans, AsOfColumn)})
          where {AsOfColumn} is not null
        )
        """;

    /// <summary>The newest time the first view has values of; null where it has none.</summary>
    public DateTimeOffset? Newest(DuckDbConnection duck, CancellationToken cancellationToken) =>
        duck.Scalar<DateTime?>($"select max(event_timestamp) from {mainScan}", ct: cancellationToken) is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;

    private static string Column(HistoricalColumn column) => $", {DuckDbSql.Identifier(column.Feature)}{(column.Name == column.Feature ? "" : $" as {DuckDbSql.Identifier(column.Name)}")}";
}
