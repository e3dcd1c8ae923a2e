using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>Takes from a view's source what its history does not know yet.</summary>
internal sealed class SourceRows(DuckDbConnection duck, FeatureViewDefinition view, CancellationToken cancellationToken)
{
    /// <summary>Columns of the view's lake table.</summary>
    public static IReadOnlyList<LakeColumn> Columns(FeatureViewDefinition view) =>
    [
        .. view.Entities.Select(e => new LakeColumn(e.JoinKey, "VARCHAR")),
        new("event_timestamp", "TIMESTAMP"),
        new("created_timestamp", "TIMESTAMP"),
        .. view.Features.Select(f => new LakeColumn(f.Name, f.Type.DuckDb())),
    ];

    /// <summary>Writes new and corrected rows, and those pushed since, into a file.</summary>
    /// <param name="source">SELECT of the source; null where rows come by pushes only.</param>
    /// <param name="past">What is known; null for a new version.</param>
    /// <exception cref="TaskFailedException">The source cannot be read as the view says; the message is DuckDB's.</exception>
    public WrittenRows Write(string? source, HistoryScan? past, DateTimeOffset createdAt, string path)
    {
        try
        {
            Prepare(source, createdAt);
        }
        catch (DuckDbException unreadable)
        {
            throw new TaskFailedException(
                $"The source of feature view '{view.Name}' ({view.From}) does not give {string.Join(", ", Columns(view).Select(c => $"{c.Name} {c.Type}"))}: {unreadable.Message}. "
                + "Change the view in workflows/features, or the table it reads.", FailureCause.BadData, retryable: false, innerException: unreadable);
        }
        var refused = duck.Scalar<long>("select count(*) from given where entity_key is null or event_timestamp is null", ct: cancellationToken);
        duck.Execute("delete from given where entity_key is null or event_timestamp is null", ct: cancellationToken);
        var pushed = past?.Pushed.Count ?? 0;
        if (past is not null)
            past.Attach(duck, "past", cancellationToken);
        duck.Execute(
            $"""
            copy (
              select * exclude (entity_key)
              from ({(past is null ? "select * from given" : NewRows)})
              order by {Keys}, event_timestamp, created_timestamp
            ) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}
            """,
            ct: cancellationToken);
        var added = duck.Scalar<long>($"select count(*) from read_parquet({DuckDbSql.Literal(path)})", ct: cancellationToken);
        return new WrittenRows(added, pushed, refused, Describe(path, added == 0 && past is not null ? "past" : null, createdAt));
    }

    /// <summary>Of each entity in a file the newest row: key, time, features.</summary>
    public static DuckDbReader Newest(DuckDbConnection duck, string path, FeatureViewDefinition view, CancellationToken cancellationToken) =>
        duck.Query(
            $"""
            select {HistoryScan.KeyOf([.. view.Entities.Select(e => e.JoinKey)])} as entity_key, event_timestamp, {string.Join(", ", view.Features.Select(f => DuckDbSql.Identifier(f.Name)))}
            from read_parquet({DuckDbSql.Literal(path)})
            qualify row_number() over (partition by entity_key order by event_timestamp desc, created_timestamp desc) = 1
            """,
            ct: cancellationToken);

    private string Keys => string.Join(", ", view.Entities.Select(e => DuckDbSql.Identifier(e.JoinKey)));

    private string Features => string.Join(", ", view.Features.Select(f => DuckDbSql.Identifier(f.Name)));

    /// <summary>A row is new when nothing is known of its entity and time, corrected when the last known values are others. Rows pushed since are in neither file, so they go into this one.</summary>
    private string NewRows =>
        $"""
        with latest as (
          select *
          from past
          qualify row_number() over (partition by entity_key, event_timestamp order by created_timestamp desc) = 1
        )
        select g.*
        from given g
        left join latest l on l.entity_key = g.entity_key and l.event_timestamp = g.event_timestamp
        where l.entity_key is null
           or ({string.Join(", ", view.Features.Select(f => $"g.{DuckDbSql.Identifier(f.Name)}"))}) is distinct from ({string.Join(", ", view.Features.Select(f => $"l.{DuckDbSql.Identifier(f.Name)}"))})
        union all by name
        {PushedRows}
        """;

    private string PushedRows =>
        $"""
        select entity_key, {string.Join(", ", view.Entities.Select((e, i) => $"string_split(entity_key, chr(31))[{i + 1}] as {DuckDbSql.Identifier(e.JoinKey)}"))}, event_timestamp, created_timestamp, {Features}
        from past_pushed
        """;

    private void Prepare(string? source, DateTimeOffset createdAt)
    {
        var keys = view.Entities.Select(e => $"cast({DuckDbSql.Identifier(e.JoinKey)} as varchar) as {DuckDbSql.Identifier(e.JoinKey)}");
        var features = view.Features.Select(f => $"cast({DuckDbSql.Identifier(f.Name)} as {f.Type.DuckDb()}) as {DuckDbSql.Identifier(f.Name)}");
        var created = view.From.Created is { } column ? $"cast({DuckDbSql.Identifier(column)} as timestamp)" : "$created_at::timestamp";
        if (source is null)
        {
            duck.Execute($"create temp table given (entity_key varchar, {string.Join(", ", Columns(view).Select(c => $"{DuckDbSql.Identifier(c.Name)} {c.Type}"))})", ct: cancellationToken);
            return;
        }
        duck.Execute(
            $"""
            create temp table given as
            select {HistoryScan.KeyOf([.. view.Entities.Select(e => e.JoinKey)])} as entity_key, {string.Join(", ", keys)},
              cast({DuckDbSql.Identifier(view.From.Timestamp)} as timestamp) as event_timestamp, {created} as created_timestamp, {string.Join(", ", features)}
            from ({source})
            qualify row_number() over (partition by entity_key, event_timestamp order by created_timestamp desc, {string.Join(", ", view.Features.Select(f => $"hash({DuckDbSql.Identifier(f.Name)})"))}) = 1
                or entity_key is null
                or event_timestamp is null
            """,
            view.From.Created is null ? new { created_at = createdAt.UtcDateTime } : null, cancellationToken);
    }

    /// <param name="past">Where the newest time stands when there are no new rows.</param>
    private FeatureRows Describe(string path, string? past, DateTimeOffset createdAt)
    {
        var scan = $"read_parquet({DuckDbSql.Literal(path)})";
        var (rows, newest) = duck.QueryRows($"select count(*), max(event_timestamp) from {scan}", r => (r.Get<long>(0), r.Get<DateTime?>(1)), ct: cancellationToken)[0];
        if (past is not null)
            newest = duck.Scalar<DateTime?>($"select max(event_timestamp) from {past}", ct: cancellationToken);
        var asOf = newest is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : createdAt;
        return new FeatureRows(asOf, path, rows, FeatureDescriber.Describe(duck, view.Features, scan, $"{Keys}, event_timestamp", rows, cancellationToken));
    }
}
