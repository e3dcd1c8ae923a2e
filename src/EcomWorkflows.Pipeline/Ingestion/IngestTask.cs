using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;
using EcomWorkflows.Pipeline.Ingestion.Drift;
using EcomWorkflows.Pipeline.Ingestion.Files;
using EcomWorkflows.Pipeline.Ingestion.Query;
using EcomWorkflows.Pipeline.Ingestion.Rest;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Lands an entity of a source: immutable raw files with their hashes, and typed bronze rows with file, line and run; what is no row is kept as a reject.</summary>
[TaskType(
    "Ecom.Ingest", DisplayName = "Ingest", Category = "Ingestion",
    Description = "Reads files, objects of a bucket, a JSON API or a PostgreSQL query as the source mapping says, keeps the raw files with their sha256, and publishes typed bronze rows with file and line of each; lines that do not parse go to rejects with the reason.")]
public sealed class IngestTask(SourceCatalog sources, LakeStore lake, PipelineOptions options, HttpClient http, ObjectStores stores, StoredConnections connections)
    : ITask<IngestInputs, IngestOutputs>
{
    private static readonly IReadOnlyList<LakeColumn> RejectColumns =
    [
        new("file", "VARCHAR"), new("line", "BIGINT"), new("column_name", "VARCHAR"), new("rule", "VARCHAR"), new("message", "VARCHAR"), new("raw", "VARCHAR"),
    ];

    private readonly SourceFiles files = new(options);
    private readonly BronzeMaker maker = new(lake, options);

    public async Task<TaskResult<IngestOutputs>> RunAsync(IngestInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = sources.Get(inputs.Source);
        if (!mapping.Entities.TryGetValue(inputs.Entity, out var entity))
        {
            throw new TaskFailedException(
                $"{mapping.File}: the source has no entity '{inputs.Entity}'; it has {string.Join(", ", mapping.Entities.Keys)}.", retryable: false);
        }
        if (entity.Kind == "none")
            return await PublishAsync(new IngestRequest(mapping, inputs.Entity, inputs.File, context), new Landing([]), [], [], cancellationToken);
        var request = new IngestRequest(mapping, inputs.Entity, inputs.File, context);
        await using var raw = new RawLanding(lake);
        // A mapping that cannot be right fails before anything is fetched.
        var reading = EntityReading.From(mapping, inputs.Entity, options.DuckDbMemoryLimit);
        var landing = await SourceOf(request, reading, raw).LandAsync(request, cancellationToken);
        var parts = new List<BronzePart>();
        var drift = landing.Drift.ToList();
        using var duck = maker.Open(context);
        foreach (var delivery in landing.Deliveries)
        {
            context.ReportProgress((double)parts.Count / landing.Deliveries.Count, delivery.Name);
            drift.AddRange(await Task.Run(() => CheckColumns(reading, delivery, cancellationToken), cancellationToken));
            var part = await maker.MakeAsync(duck, mapping, inputs.Entity, delivery, context, cancellationToken);
            drift.AddRange(await Task.Run(() => CheckRejects(reading, delivery, part, cancellationToken), cancellationToken));
            context.Logger.LogInformation(
                "{File}: {Kept} rows kept, {Rejected} records rejected, sha256 {Sha256}", delivery.Name, part.Bronze.Rows, part.RejectedRecords, delivery.File.Sha256);
            parts.Add(part);
        }
        foreach (var finding in drift)
            context.Logger.LogWarning("Schema drift: {Finding}", finding);
        await raw.StoredAsync();
        return await PublishAsync(request, landing, parts, drift, cancellationToken);
    }

    private IDeliverySource SourceOf(IngestRequest request, EntityReading reading, RawLanding raw) => request.Entity.Kind switch
    {
        "file" when ObjectStores.IsBucket(request.Entity.Location ?? "") => new BucketDeliveries(lake, raw, files, stores),
        "file" => new FileDeliveries(lake, raw, files),
        "rest" => new RestDeliveries(lake, raw, files, http, connections, reading.Drift),
        "postgres" => new QueryDeliveries(lake, raw, connections),
        var kind => throw new TaskFailedException(
            $"{request.Mapping.File}: entities.{request.EntityName}.kind is '{kind}'; allowed are file, rest, postgres and none.", retryable: false),
    };

    private IEnumerable<string> CheckColumns(EntityReading reading, RawDelivery delivery, CancellationToken cancellationToken)
    {
        if (reading.Reader.Probe(new RawInput(lake.Absolute(delivery.File.Path), delivery.Name, delivery.Member), cancellationToken) is not { } found)
            return [];
        var findings = reading.Drift.Compare(found);
        if (findings.Count == 0)
            return [];
        var description = reading.Drift.Describe(found, findings);
        return findings.Any(finding => finding.Action == DriftAction.Fail) ? throw reading.Drift.Refuse(description, findings) : [description];
    }

    private IEnumerable<string> CheckRejects(EntityReading reading, RawDelivery delivery, BronzePart part, CancellationToken cancellationToken)
    {
        if (part.RejectedRecords < DriftRules.FewestRecords)
            return [];
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = options.DuckDbMemoryLimit });
        var rejected = duck.QueryRows(
            $"""
            select rule, column_name, count(distinct line), min(line), arg_min(message, line)
            from read_parquet({DuckDbSql.Literal(lake.Absolute(part.Rejects.Path))})
            where rule in ('{RejectRule.Type}', '{RejectRule.Columns}')
            group by rule, column_name
            order by rule, column_name
            """,
            row => new RejectedShare(row.Get<string>(0), row.IsNull(1) ? null : row.Get<string>(1), row.Get<long>(2), row.Get<long>(3), row.Get<string>(4)),
            ct: cancellationToken);
        var findings = reading.Drift.Compare(delivery.Name, part.Bronze.Rows + part.RejectedRecords, rejected);
        var failing = findings.Where(finding => finding.Action == DriftAction.Fail).ToList();
        return failing.Count > 0 ? throw reading.Drift.Refuse(string.Join(' ', failing.Select(finding => finding.Message)), failing) : findings.Select(finding => finding.Message);
    }

    private async Task<IngestOutputs> PublishAsync(
        IngestRequest request, Landing landing, IReadOnlyList<BronzePart> parts, IReadOnlyList<string> drift, CancellationToken cancellationToken)
    {
        var (mapping, entity, context) = (request.Mapping, request.EntityName, request.Context);
        var raw = RawFiles(landing.Deliveries, parts);
        var (bronzeTable, rejectsTable) = BronzeMaker.Tables(mapping, entity);
        var columns = mapping.Entities[entity].Columns
            .Select(column => new LakeColumn(column.Name, column.Type.ToUpperInvariant()))
            .Append(new LakeColumn("_file", "VARCHAR"))
            .Append(new LakeColumn("_line", "BIGINT"))
            .Append(new LakeColumn("_run", "BIGINT"))
            .ToList();
        LakeSnapshot? bronze = null;
        LakeSnapshot? rejects = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                foreach (var file in raw)
                    await lake.RegisterRawAsync(scope, file, token);
                bronze = await lake.PublishAsync(scope, context, bronzeTable, [.. landing.EarlierBronze, .. parts.Select(part => part.Bronze)], columns, token);
                rejects = await lake.PublishAsync(scope, context, rejectsTable, [.. landing.EarlierRejects, .. parts.Select(part => part.Rejects)], RejectColumns, token);
                if (landing.Remember is { } remember)
                    await remember(scope, bronze, rejects, token);
            },
            cancellationToken);
        var (kept, rejected) = (parts.Sum(part => part.Bronze.Rows), parts.Sum(part => part.RejectedRecords));
        IngestionMetrics.Record(mapping.Source, entity, request.Entity.Kind, kept, rejected, raw.Sum(file => file.Bytes));
        return new IngestOutputs(
            kept + rejected, kept, rejected, [.. raw.Take(IngestOutputs.MostRawFiles).Select(file => file.Path)], raw.Count, raw.Sum(file => file.Bytes), bronze!.SnapshotId, rejects!.SnapshotId, drift);
    }

    /// <summary>The raw files with their records, which for a zip file are those of all files in it.</summary>
    private static List<RawFile> RawFiles(IReadOnlyList<RawDelivery> deliveries, IReadOnlyList<BronzePart> parts) =>
        [.. deliveries.Zip(parts, (delivery, part) => (delivery.File, Records: part.Bronze.Rows + part.RejectedRecords))
            .GroupBy(read => (read.File.Path, read.File.Original))
            .Select(same => same.First().File with { Rows = same.Sum(read => read.Records) })];
}
