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

    public static string IdOf(PredictionRow row) => $"prediction:{row.Source}/{row.Customer}@{row.AsOf:yyyy-MM-ddTHH:mm:ssZ}";

    /// <param name="rows">Silver rows shown one by one, the newest first.</param>
    public async Task<string> AddAsync(LineageDraft draft, PredictionRow prediction, int rows, CancellationToken cancellationToken)
    {
        var id = IdOf(prediction);
        draft.Add(Describe(id, prediction));
        if (await lake.GetAsync(prediction.FeaturesSnapshot, cancellationToken) is { } history)
            draft.Link(id, await AddFeaturesAsync(draft, prediction, history, rows, cancellationToken), "from");
        if (await models.AddAsync(draft, prediction.ModelName, prediction.ModelVersion, cancellationToken) is { } model)
            draft.Link(id, model, "scored by");
        return id;
    }

    private static LineageNode Describe(string id, PredictionRow row)
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
        if (row.Drivers is { } json && JsonSerializer.Deserialize<List<PredictionDriver>>(json, TaskJson.Options) is { Count: > 0 } drivers)
            facts.Add(new LineageFact("raised most by", string.Join(", ", drivers.Select(d => FormattableString.Invariant($"{d.Feature} = {d.Value:G6} ({d.Contribution:+0.00;-0.00})")))));
        return new LineageNode(id, LineageKind.Prediction, $"{row.Source}, customer {row.Customer}", facts, row.RunId, row.AttemptId);
    }

    /// <summary>Adds the features the model saw, the rows they were computed from, and what both are parts of.</summary>
    private async Task<string> AddFeaturesAsync(LineageDraft draft, PredictionRow prediction, LakeSnapshot history, int rows, CancellationToken cancellationToken)
    {
        var id = $"feature-row:{history.SnapshotId}/{prediction.Customer}@{prediction.AsOf:yyyy-MM-ddTHH:mm:ssZ}";
        var made = await catalog.MaterializationAsync(prediction.FeatureView, Utc(prediction.AsOf), history.SnapshotId, cancellationToken);
        var values = await Task.Run(() => ReadFeatures(prediction, history, cancellationToken), cancellationToken);
        draft.Add(new LineageNode(
            id, LineageKind.FeatureRow, $"{prediction.FeatureView}, customer {prediction.Customer}, {prediction.AsOf:yyyy-MM-dd}", values,
            made?.RunId ?? history.RunId, made?.AttemptId ?? history.AttemptId));
        if (await EventsAsync(prediction, history, made, cancellationToken) is { } events)
            await AddRowsAsync(draft, id, prediction, events, rows, cancellationToken);
        if ((made?.Version ?? prediction.FeatureViewVersion) is { } version && await models.AddViewAsync(draft, prediction.FeatureView, version, cancellationToken) is { } view)
            draft.Link(id, view, "computed as");
        if (await tables.AddAsync(draft, history.SnapshotId, cancellationToken) is { } table)
            draft.Link(id, table, "a row of");
        return id;
    }

    private IReadOnlyList<LineageFact> ReadFeatures(PredictionRow prediction, LakeSnapshot history, CancellationToken cancellationToken)
    {
        using var duckDb = Open();
        using var reader = duckDb.Query(
            $"""
            select *
            from {lake.Scan(history)}
            where customer_id = $customer
              and event_timestamp = $as_of::timestamp
            """,
            new { customer = prediction.Customer, as_of = prediction.AsOf }, cancellationToken);
        return reader.Read()
            ? [.. Enumerable.Range(0, reader.FieldCount).Select(i => new LineageFact(reader.GetName(i), Text(reader.GetValue(i))))]
            : [new LineageFact("values", "the history has no row of this customer at this moment any more")];
    }

    /// <summary>The silver events the features were computed from: as recorded when they were, or else those the run saw.</summary>
    private async Task<LakeSnapshot?> EventsAsync(PredictionRow prediction, LakeSnapshot history, MaterializationRow? made, CancellationToken cancellationToken)
    {
        var recorded = made is null ? null : JsonSerializer.Deserialize<Dictionary<string, long>>(made.Inputs);
        if (recorded is not null && recorded.TryGetValue(EventsTable, out var events))
            return await lake.GetAsync(events, cancellationToken);
        var seen = await catalog.SnapshotsSeenAsync("silver", prediction.Source, history.RunId, history.SnapshotId, cancellationToken);
        return seen.FirstOrDefault(s => s.Table == EventsTable) is { } found ? await lake.GetAsync(found.SnapshotId, cancellationToken) : null;
    }

    private async Task AddRowsAsync(LineageDraft draft, string features, PredictionRow prediction, LakeSnapshot events, int limit, CancellationToken cancellationToken)
    {
        var raws = await RawFilesAsync(events, cancellationToken);
        var (total, rows) = await Task.Run(() => ReadRows(prediction, events, limit, cancellationToken), cancellationToken);
        foreach (var (number, row) in rows.Index())
        {
            var id = RowId(events, row);
            draft.Add(new LineageNode(id, LineageKind.Row, $"{row.Type}, {TableLineage.Moment(row.Time)} ({number + 1} of {total:#,0})", row.Facts, events.RunId, events.AttemptId));
            draft.Link(features, id, "computed from");
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

    private (long Total, IReadOnlyList<EventRow> Rows) ReadRows(PredictionRow prediction, LakeSnapshot events, int limit, CancellationToken cancellationToken)
    {
        using var duckDb = Open();
        var parameters = new { customer = prediction.Customer, as_of = prediction.AsOf };
        const string Where = "where customer_id = $customer and event_time < $as_of::timestamp";
        var total = duckDb.Scalar<long>($"select count(*) from {lake.Scan(events)} {Where}", parameters, cancellationToken);
        using var reader = duckDb.Query(
            $"""
            select *
            from {lake.Scan(events)}
            {Where}
            order by event_time desc, file, line, event_type
            limit {limit}
            """,
            parameters, cancellationToken);
        var rows = new List<EventRow>();
        while (reader.Read())
        {
            rows.Add(new EventRow(
                reader.Get<string>("file"), reader.Get<long>("line"), reader.Get<string>("event_type"), reader.Get<DateTime>("event_time"),
                [.. Enumerable.Range(0, reader.FieldCount).Where(i => !reader.IsNull(i)).Select(i => new LineageFact(reader.GetName(i), Text(reader.GetValue(i))))]));
        }
        return (total, rows);
    }

    private DuckDbConnection Open() => DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads });

    private static string RowId(LakeSnapshot events, EventRow row) => $"row:{events.SnapshotId}:{row.File}:{row.Line}:{row.Type}";

    private static string LineId(long rawFile, long line) => $"raw-line:{rawFile}:{line}";

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static string Text(object? value) => value switch
    {
        null => "none",
        double number => number.ToString("G10", CultureInfo.InvariantCulture),
        DateTime time => $"{time:yyyy-MM-dd HH:mm:ss.FFF}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private sealed record EventRow(string File, long Line, string Type, DateTime Time, IReadOnlyList<LineageFact> Facts);
}
