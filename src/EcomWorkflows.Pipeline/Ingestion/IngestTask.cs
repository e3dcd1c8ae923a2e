using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Rest;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Lands an entity of a source: immutable raw files with their hashes, and typed bronze rows with file and line; what is no row is kept as a reject.</summary>
[TaskType(
    "Ecom.Ingest", DisplayName = "Ingest", Category = "Ingestion",
    Description = "Reads files or a paged REST API as the source mapping says, keeps the raw files with their sha256, and publishes typed bronze rows with file and line of each; lines that do not parse go to rejects with the reason.")]
public sealed class IngestTask(SourceCatalog sources, LakeStore lake, PipelineOptions options, HttpClient http) : ITask<IngestInputs, IngestOutputs>
{
    private static readonly IReadOnlyList<LakeColumn> RejectColumns =
    [
        new("file", "VARCHAR"), new("line", "BIGINT"), new("column_name", "VARCHAR"), new("rule", "VARCHAR"), new("message", "VARCHAR"), new("raw", "VARCHAR"),
    ];

    private readonly RawLanding landing = new(lake);
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
        var deliveries = entity.Kind switch
        {
            "none" => [],
            "file" => await LandFilesAsync(mapping, inputs, context, cancellationToken),
            "rest" => [await LandPagesAsync(mapping, inputs.Entity, context, cancellationToken)],
            _ => throw new TaskFailedException($"{mapping.File}: entities.{inputs.Entity}.kind is '{entity.Kind}'; allowed are file, rest and none.", retryable: false),
        };
        var parts = new List<BronzePart>();
        foreach (var delivery in deliveries)
        {
            context.ReportProgress((double)parts.Count / deliveries.Count, delivery.Name);
            var part = await maker.MakeAsync(mapping, inputs.Entity, delivery, context, cancellationToken);
            context.Logger.LogInformation(
                "{File}: {Kept} rows kept, {Rejected} records rejected, sha256 {Sha256}", delivery.Name, part.Bronze.Rows, part.RejectedRecords, delivery.File.Sha256);
            parts.Add(part);
        }
        return await PublishAsync(mapping, inputs.Entity, deliveries, parts, context, cancellationToken);
    }

    private async Task<List<RawDelivery>> LandFilesAsync(SourceMapping mapping, IngestInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var found = files.Find(mapping, inputs.Entity, inputs.File);
        var deliveries = new List<RawDelivery>();
        foreach (var path in found)
        {
            context.ReportProgress(null, $"copying {Path.GetFileName(path)} ({deliveries.Count + 1} of {found.Count})");
            deliveries.Add(await landing.LandAsync(mapping.Source, inputs.Entity, path, path, context, cancellationToken));
        }
        return deliveries;
    }

    private async Task<RawDelivery> LandPagesAsync(SourceMapping mapping, string entity, TaskContext context, CancellationToken cancellationToken)
    {
        var address = files.Address(mapping, entity);
        var client = new PagedClient(http, RestFormat.From(mapping, entity), context.Time);
        var path = Path.Combine(context.WorkFolder, $"{entity}.json");
        Directory.CreateDirectory(context.WorkFolder);
        await using (var lines = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            var items = await client.WriteLinesAsync(
                address, lines, (page, read) => context.ReportProgress(null, $"page {page}, {read} records"), cancellationToken);
            context.Logger.LogInformation("{Address}: {Items} records", address, items);
        }
        return await landing.LandAsync(mapping.Source, entity, path, new Uri(address, $"{entity}.json").AbsoluteUri, context, cancellationToken);
    }

    private async Task<IngestOutputs> PublishAsync(
        SourceMapping mapping, string entity, IReadOnlyList<RawDelivery> deliveries, IReadOnlyList<BronzePart> parts, TaskContext context, CancellationToken cancellationToken)
    {
        var (bronzeTable, rejectsTable) = BronzeMaker.Tables(mapping, entity);
        var columns = mapping.Entities[entity].Columns
            .Select(column => new LakeColumn(column.Name, column.Type.ToUpperInvariant()))
            .Append(new LakeColumn("_file", "VARCHAR"))
            .Append(new LakeColumn("_line", "BIGINT"))
            .ToList();
        LakeSnapshot? bronze = null;
        LakeSnapshot? rejects = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                foreach (var delivery in deliveries)
                    await lake.RegisterRawAsync(scope, delivery.File, token);
                bronze = await lake.PublishAsync(scope, context, bronzeTable, [.. parts.Select(part => part.Bronze)], columns, token);
                rejects = await lake.PublishAsync(scope, context, rejectsTable, [.. parts.Select(part => part.Rejects)], RejectColumns, token);
            },
            cancellationToken);
        var rejected = parts.Sum(part => part.RejectedRecords);
        return new IngestOutputs(
            bronze!.Rows + rejected, bronze.Rows, rejected, [.. deliveries.Select(delivery => delivery.File.Path)],
            deliveries.Sum(delivery => delivery.File.Bytes), bronze.SnapshotId, rejects!.SnapshotId);
    }
}
