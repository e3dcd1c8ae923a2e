using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Turns validated bronze rows of a source into the silver tables every later stage reads.</summary>
[TaskType("Ecom.Prepare", DisplayName = "Prepare", Category = "Preparation",
    Description = "Makes silver tables (events, customers, products) from validated bronze rows by the source's SQL: canonical columns and types, duplicates out, every dropped row with a reason.")]
internal sealed class PrepareTask(SourceCatalog sources, LakeStore lake, PipelineOptions options) : ITask<PrepareInputs, PrepareOutputs>
{
    public async Task<TaskResult<PrepareOutputs>> RunAsync(PrepareInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = sources.Get(inputs.Source);
        var scans = await FindInputsAsync(mapping, context, cancellationToken);
        var (entities, tables) = await Task.Run(() => BuildAsync(mapping, scans, context, cancellationToken), cancellationToken);
        var snapshots = await PublishAsync(mapping, tables, context, cancellationToken);

        TableAccount[] accounts = [.. tables.Select(t => t.Table.Account with { SnapshotId = snapshots[t.Table.Table.Name].SnapshotId })];
        foreach (var table in accounts)
            context.Logger.LogInformation("silver.{Source}.{Table}: {Rows} rows, dropped {Dropped}, snapshot {Snapshot}",
                mapping.Source, table.Table, table.RowsOut, PreparationPage.Counts(table.RowsDropped) is { Length: > 0 } dropped ? dropped : "none", table.SnapshotId);
        var report = new PreparationReport(
            mapping.Source, context.Attempt.DagId, context.Attempt.RunKey, context.Time.GetUtcNow(), entities, accounts, [.. tables.Select(t => t.Profile)]);
        var path = await report.WriteAsync(options, cancellationToken);
        return new PrepareOutputs(
            entities.Sum(e => e.RowsIn), entities.Sum(e => e.RowsQuarantined), accounts.Sum(a => a.RowsDropped.Values.Sum()), accounts.Sum(a => a.RowsOut),
            entities, accounts, path);
    }

    private async Task<IReadOnlyList<InputScan>> FindInputsAsync(SourceMapping mapping, TaskContext context, CancellationToken cancellationToken)
    {
        var scans = new List<InputScan>();
        foreach (var entity in mapping.Entities.Keys)
        {
            var bronze = await lake.RequireAsync(new LakeTableName("bronze", mapping.Source, entity), context, cancellationToken);
            var quarantine = await lake.FindAsync(new LakeTableName("quarantine", mapping.Source, entity), context, cancellationToken);
            if (quarantine is null)
                context.Logger.LogWarning("{Entity} was not validated: all {Rows} bronze rows are used", entity, bronze.Rows);
            scans.Add(new InputScan(entity, lake.Scan(bronze), quarantine is null ? null : lake.Scan(quarantine), RawOrigin.NamesOf(bronze), bronze.Files.Where(file => file.Rows > 0).MaxBy(file => file.Bytes) is { } largest ? lake.Absolute(largest.Path) : null));
        }
        return scans;
    }

    private async Task<(IReadOnlyList<EntityAccount> Entities, IReadOnlyList<(SilverTableResult Table, LakeFile File, TableProfile Profile)> Tables)> BuildAsync(
        SourceMapping mapping, IReadOnlyList<InputScan> scans, TaskContext context, CancellationToken cancellationToken)
    {
        using var duckDb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
            // The same rows must give the same file, byte for byte.
            PreserveInsertionOrder = true,
        });
        var builder = new SilverBuilder(duckDb, mapping, new SilverWriter(duckDb), cancellationToken);
        foreach (var scan in scans)
            builder.AddBronze(scan.Entity, scan.Bronze, scan.Quarantine, scan.Files, scan.Largest);
        var tables = await new SilverTables(
            duckDb, builder, mapping, table => lake.NewFile(context, TableName(mapping, table)),
            table => lake.DescribeAsync(table.Path, cancellationToken, rows: table.Account.RowsOut), options.Threads, cancellationToken).BuildAsync(context.ReportProgress);
        return ([.. builder.Entities], tables);
    }

    private async Task<IReadOnlyDictionary<string, LakeSnapshot>> PublishAsync(
        SourceMapping mapping, IReadOnlyList<(SilverTableResult Table, LakeFile File, TableProfile Profile)> tables, TaskContext context, CancellationToken cancellationToken)
    {
        var snapshots = new Dictionary<string, LakeSnapshot>(StringComparer.Ordinal);
        await context.PublishAsync(
            async (scope, ct) =>
            {
                foreach (var (table, file, _) in tables)
                    snapshots[table.Table.Name] = await lake.PublishAsync(scope, context, TableName(mapping, table.Table), [file], table.Columns, ct);
            },
            cancellationToken);
        return snapshots;
    }

    private static LakeTableName TableName(SourceMapping mapping, CanonicalTable table) => new("silver", mapping.Source, table.Name);

    private sealed record InputScan(string Entity, string Bronze, string? Quarantine, IReadOnlyList<string> Files, string? Largest);
}
