using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>Reads the raw files behind a bronze table as the mapping says today. A file whose reading has not changed is found again, not made again.</summary>
internal sealed class RawRereading(LakeStore lake, PipelineOptions options)
{
    private readonly BronzeMaker maker = new(lake, options);

    public async Task<RereadTables> ReadAsync(
        SourceMapping mapping, string entity, LakeSnapshot bronze, LakeSnapshot? rejects, TaskContext context, CancellationToken cancellationToken)
    {
        var parts = new List<BronzePart>();
        using var duck = maker.Open(context);
        foreach (var file in bronze.Files)
        {
            if (await RawOfAsync(bronze.Table, file, cancellationToken) is not { } raw)
            {
                context.Logger.LogWarning("{File}: its raw file cannot be read alone, so the rows stay as they were read; only the rules are applied anew", file.Path);
                return new RereadTables(bronze, rejects, 0);
            }
            parts.Add(await maker.MakeAsync(duck, mapping, entity, raw, context, cancellationToken));
        }
        var changed = parts.Where(part => bronze.Files.All(file => file.Path != part.Bronze.Path)).ToList();
        if (changed.Count == 0)
            return new RereadTables(bronze, rejects, 0);
        var read = changed[0];
        return new RereadTables(
            With(bronze, [.. parts.Select(part => part.Bronze)], LakeStore.Columns(duck, lake.Absolute(read.Bronze.Path), cancellationToken)),
            rejects is null ? null : With(rejects, [.. parts.Select(part => part.Rejects)], LakeStore.Columns(duck, lake.Absolute(read.Rejects.Path), cancellationToken)),
            changed.Count);
    }

    private async Task<RawDelivery?> RawOfAsync(LakeTableName table, LakeFile file, CancellationToken cancellationToken) =>
        RawOrigin.Of(file) is { } origin ? await origin.FindAsync(lake, table, cancellationToken) : null;

    private static LakeSnapshot With(LakeSnapshot snapshot, IReadOnlyList<LakeFile> files, IReadOnlyList<LakeColumn> columns) =>
        snapshot with { Files = files, Columns = columns, Rows = files.Sum(file => file.Rows), Bytes = files.Sum(file => file.Bytes) };
}
