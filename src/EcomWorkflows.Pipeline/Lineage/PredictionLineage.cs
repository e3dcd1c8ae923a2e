using System.Globalization;
using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Scoring;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Walks back from one prediction to the lines of the raw files its features were computed from.</summary>
internal sealed class PredictionLineage(LakeStore lake, TableLineage tables, RegistryLineage models, LineageCatalog catalog, PipelineOptions options)
{
    private const string EventsTable = "events";

    /// <param name="rows">Silver rows shown one by one, the newest first.</param>
    public Task<string> AddAsync(LineageDraft draft, PredictionRow prediction, int rows, CancellationToken cancellationToken) =>
        AddAsync(draft, Describe(prediction), PredictionSubject.Of(prediction), prediction.ModelName, prediction.ModelVersion, rows, cancellationToken);

    /// <param name="rows">Silver rows shown one by one: those of the pair, then the visitor's and the item's in turns, the newest of each first.</param>
    public Task<string> AddAsync(LineageDraft draft, PurchaseRow prediction, int rows, CancellationToken cancellationToken) =>
        AddAsync(draft, Describe(prediction), PredictionSubject.Of(prediction), prediction.ModelName, prediction.ModelVersion, rows, cancellationToken);

    private async Task<string> AddAsync(
        LineageDraft draft, LineageNode prediction, PredictionSubject subject, string modelName, int modelVersion, int rows, CancellationToken cancellationToken)
    {
        draft.Add(prediction);
        if (await lake.GetAsync(subject.FeaturesSnapshot, cancellationToken) is { } features)
            draft.Link(prediction.Id, await AddFeaturesAsync(draft, subject, features, rows, cancellationToken), "from");
        if (await models.AddAsync(draft, modelName, modelVersion, cancellationToken) is { } model)
            draft.Link(prediction.Id, model, "scored by");
        return prediction.Id;
    }

    private static LineageNode Describe(PredictionRow row)
    {
        var facts = new List<LineageFact>
        {
            new("customer", row.Customer),
            new("churn probability", row.Probability.ToString("0.0000", CultureInfo.InvariantCulture)),
            new("label", $"{row.Label} (1 from {row.Threshold.ToString("0.####", CultureInfo.InvariantCulture)} on)"),
            new("means", $"no activity in the {row.OutcomeDays} days from {row.AsOf:yyyy-MM-dd} on"),
            new("as of", TableLineage.Moment(row.AsOf)),
            new("scored", TableLineage.Moment(row.ScoredAt)),
        };
        facts.AddRange(Reasons(row.Drivers));
        return new LineageNode(
            $"prediction:{row.Source}/{row.Customer}@{Moment(row.AsOf)}", LineageKind.Prediction, $"{row.Source}, customer {row.Customer}", facts, row.RunId, row.AttemptId);
    }

    private static LineageNode Describe(PurchaseRow row) => new(
        $"prediction:{row.ModelName}/{row.Kind}/{row.Visitor}/{row.Item}@{Moment(row.AsOf)}", LineageKind.Prediction, $"{row.Source}, visitor {row.Visitor}, item {row.Item}",
        [
            new("visitor", row.Visitor),
            new("item", row.Item),
            new("purchase probability", row.Probability.ToString("0.0000", CultureInfo.InvariantCulture)),
            new("label", $"{row.Label} (1 from {row.Threshold.ToString("0.####", CultureInfo.InvariantCulture)} on)"),
            new("means", $"the visitor buys the item from {row.OutcomeFrom:yyyy-MM-dd} until before {row.OutcomeTo:yyyy-MM-dd}"),
            new("what happened", row.Bought switch { null => "not known yet: the window is open", 0 => "not bought", _ => "bought" }),
            new("variant", row.Variant == PurchaseChoice.Honest ? row.Variant : $"{row.Variant}: the features are of the same period as the outcome"),
            new("as of", TableLineage.Moment(row.AsOf)),
            new("scored", TableLineage.Moment(row.ScoredAt)),
            .. Reasons(row.Drivers),
        ],
        row.RunId, row.AttemptId);

    /// <summary>What raised a prediction most, where it was explained: the likeliest ones are.</summary>
    private static IEnumerable<LineageFact> Reasons(string? stored) =>
        stored is not null && JsonSerializer.Deserialize<List<PredictionDriver>>(stored, TaskJson.Options) is { Count: > 0 } drivers
            ? [new LineageFact("raised most by", string.Join(", ", drivers.Select(d => FormattableString.Invariant($"{d.Feature} = {d.Value:G6} ({d.Contribution:+0.00;-0.00})"))))]
            : [];

    /// <summary>Adds the features the model saw, the rows they were computed from, and what both are parts of.</summary>
    private async Task<string> AddFeaturesAsync(LineageDraft draft, PredictionSubject subject, LakeSnapshot features, int rows, CancellationToken cancellationToken)
    {
        var id = $"feature-row:{features.SnapshotId}/{subject.Key}@{Moment(subject.AsOf)}";
        var made = await catalog.MaterializationAsync(subject.FeatureView, Utc(subject.AsOf), features.SnapshotId, cancellationToken);
        var values = await Task.Run(() => ReadFeatures(subject, features, cancellationToken), cancellationToken);
        draft.Add(new LineageNode(
            id, LineageKind.FeatureRow, $"{subject.FeatureView}, {subject.Name}, {subject.AsOf:yyyy-MM-dd}", values,
            made?.RunId ?? features.RunId, made?.AttemptId ?? features.AttemptId));
        if (await EventsAsync(subject, features, made, cancellationToken) is { } events)
            await AddRowsAsync(draft, id, subject, events, rows, cancellationToken);
        if ((made?.Version ?? subject.FeatureViewVersion) is { } version && await models.AddViewAsync(draft, subject.FeatureView, version, cancellationToken) is { } view)
            draft.Link(id, view, "computed as");
        if (await tables.AddAsync(draft, features.SnapshotId, cancellationToken) is { } table)
            draft.Link(id, table, "a row of");
        return id;
    }

    private IReadOnlyList<LineageFact> ReadFeatures(PredictionSubject subject, LakeSnapshot features, CancellationToken cancellationToken)
    {
        using var duckDb = Open();
        using var reader = duckDb.Query(
            $"""
            select *
            from {lake.Scan(features)}
            where {subject.Time} = $as_of::timestamp
              and {subject.Features}
            """,
            subject.Parameters, cancellationToken);
        return reader.Read()
            ? [.. Enumerable.Range(0, reader.FieldCount).Select(i => new LineageFact(reader.GetName(i), Text(reader.GetValue(i))))]
            : [new LineageFact("values", $"{features.Table} has no row of {subject.Name} at this moment any more")];
    }

    /// <summary>The silver events the features were computed from: as recorded when they were, or else those the run saw.</summary>
    private async Task<LakeSnapshot?> EventsAsync(PredictionSubject subject, LakeSnapshot features, MaterializationRow? made, CancellationToken cancellationToken)
    {
        var recorded = made is null ? null : JsonSerializer.Deserialize<Dictionary<string, long>>(made.Inputs);
        if (recorded is not null && recorded.TryGetValue(EventsTable, out var events))
            return await lake.GetAsync(events, cancellationToken);
        var seen = await catalog.SnapshotsSeenAsync("silver", subject.Source, features.RunId, features.SnapshotId, cancellationToken);
        return seen.FirstOrDefault(s => s.Table == EventsTable) is { } found ? await lake.GetAsync(found.SnapshotId, cancellationToken) : null;
    }

    private async Task AddRowsAsync(LineageDraft draft, string features, PredictionSubject subject, LakeSnapshot events, int limit, CancellationToken cancellationToken)
    {
        var raws = await RawFilesAsync(events, cancellationToken);
        var rows = await Task.Run(() => ReadRows(subject, events, limit, cancellationToken), cancellationToken);
        foreach (var row in rows)
        {
            var id = RowId(events, row);
            draft.Add(new LineageNode(id, LineageKind.Row, $"{row.Type}, {TableLineage.Moment(row.Time)} ({row.Number:#,0} of {row.Total:#,0})", row.Facts, events.RunId, events.AttemptId));
            draft.Link(features, id, row.Relation);
            if (raws.FirstOrDefault(r => r.IsNamed(row.File)) is { } raw)
            {
                var line = LineId(raw.Id, row.Line);
                draft.Add(new LineageNode(
                    line, LineageKind.RawLine, $"{row.File}, line {row.Line}", [new("file", raw.Path), new("line", $"{row.Line}"), new("sha256 of the file", raw.Sha256)], raw.RunId, raw.AttemptId));
                draft.Link(id, line, "read from");
                draft.Link(line, TableLineage.AddRaw(draft, raw), "in");
            }
        }
        if (await tables.AddAsync(draft, events.SnapshotId, cancellationToken) is { } table)
            foreach (var row in rows)
                draft.Link(RowId(events, row), table, "a row of");
    }

    private async Task<IReadOnlyList<RawFileRow>> RawFilesAsync(LakeSnapshot silver, CancellationToken cancellationToken)
    {
        var files = new List<RawFileRow>();
        foreach (var bronze in await catalog.SnapshotsSeenAsync("bronze", silver.Table.Source, silver.RunId, silver.SnapshotId, cancellationToken))
            files.AddRange(await catalog.RawFilesAsync(bronze.SnapshotId, cancellationToken));
        return files;
    }

    private List<EventRow> ReadRows(PredictionSubject subject, LakeSnapshot events, int limit, CancellationToken cancellationToken)
    {
        using var duckDb = Open();
        using var reader = duckDb.Query(
            $"""
            with behind as (
              select *, {subject.Part} as _part
              from {lake.Scan(events)}
              where {subject.Rows}
            ),
            numbered as (
              select *,
                row_number() over (partition by _part order by event_time desc, file, line, event_type) as _number,
                count(*) over (partition by _part) as _total
              from behind
            ),
            -- All of the first part before the others, which take turns: none of them hides another.
            shown as (
              select *
              from numbered
              order by _part > 0, _number, _part
              limit {limit}
            )
            select *
            from shown
            order by _part, _number
            """,
            subject.Parameters, cancellationToken);
        var rows = new List<EventRow>();
        while (reader.Read())
        {
            rows.Add(new EventRow(
                reader.Get<string>("file"), reader.Get<long>("line"), reader.Get<string>("event_type"), reader.Get<DateTime>("event_time"),
                subject.Relations[reader.Get<int>("_part")], reader.Get<long>("_number"), reader.Get<long>("_total"),
                [.. Enumerable.Range(0, reader.FieldCount).Where(i => reader.GetName(i)[0] != '_' && !reader.IsNull(i)).Select(i => new LineageFact(reader.GetName(i), Text(reader.GetValue(i))))]));
        }
        return rows;
    }

    private DuckDbConnection Open() => DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads });

    private static string RowId(LakeSnapshot events, EventRow row) => $"row:{events.SnapshotId}:{row.File}:{row.Line}:{row.Type}";

    private static string Moment(DateTime time) => $"{time:yyyy-MM-ddTHH:mm:ssZ}";

    private static string LineId(long rawFile, long line) => $"raw-line:{rawFile}:{line}";

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static string Text(object? value) => value switch
    {
        null => "none",
        double number => number.ToString("G10", CultureInfo.InvariantCulture),
        DateTime time => $"{time:yyyy-MM-dd HH:mm:ss.FFF}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <param name="Number">Its place among those of the same relation, from 1.</param>
    private sealed record EventRow(string File, long Line, string Type, DateTime Time, string Relation, long Number, long Total, IReadOnlyList<LineageFact> Facts);
}
