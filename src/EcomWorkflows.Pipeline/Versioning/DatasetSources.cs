using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Preparation;
using EcomWorkflows.Pipeline.Sources;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Finds what a run has to version: the raw files it read, its silver tables and its training set.</summary>
internal sealed class DatasetSources(NpgsqlDataSource database, LakeStore lake)
{
    public async Task<IReadOnlyList<DatasetSource>> FindAsync(SourceMapping mapping, TaskContext context, CancellationToken cancellationToken) =>
    [
        await RawAsync(mapping, context, cancellationToken),
        await TablesAsync($"{mapping.Source}/silver", [.. CanonicalTable.All.Select(t => t.Name)], "silver", "Ecom.Prepare over validated bronze rows", mapping, context, cancellationToken),
        .. await GoldAsync(mapping, context, cancellationToken),
    ];

    /// <summary>Every gold table of the source, training sets among them: one dataset each.</summary>
    private async Task<IReadOnlyList<DatasetSource>> GoldAsync(SourceMapping mapping, TaskContext context, CancellationToken cancellationToken)
    {
        var tables = (await lake.TablesAsync(cancellationToken)).Where(t => t.Layer == "gold" && t.Source == mapping.Source);
        var datasets = new List<DatasetSource>();
        foreach (var table in tables)
        {
            var origin = table.Name switch
            {
                "churn_training_set" => "Ecom.BuildTrainingSet over the feature view's history and silver events",
                "purchase_training_set" => "Ecom.BuildPurchaseSet over the feature view's history and silver events",
                "purchase_classic_training_set" => "Ecom.BuildPurchaseSet over silver events",
                _ => $"lake table {table}",
            };
            datasets.Add(await TablesAsync($"{mapping.Source}/{table.Name}", [table.Name], "gold", origin, mapping, context, cancellationToken));
        }
        return datasets;
    }

    /// <summary>How the run's data did in validation, by entity.</summary>
    public async Task<IReadOnlyList<DatasetValidation>> ValidationsAsync(string source, long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var validations = await connection.QueryAsync<DatasetValidation>(new CommandDefinition(
            """
            select distinct on (entity) entity as "Entity", outcome as "Outcome", suite_name as "Suite", rows_read as "RowsRead",
              rows_quarantined as "RowsQuarantined", validation_result_id as "ResultId"
            from quality.validation_result
            where source = @source
              and run_id = @runId
            order by entity, validation_result_id desc
            """,
            new { source, runId }, cancellationToken: cancellationToken));
        return validations.AsList();
    }

    private async Task<DatasetSource> RawAsync(SourceMapping mapping, TaskContext context, CancellationToken cancellationToken)
    {
        var files = new List<DatasetFile>();
        var rows = 0L;
        foreach (var entity in mapping.Entities.Keys)
        {
            var bronze = await lake.RequireAsync(new LakeTableName("bronze", mapping.Source, entity), context, cancellationToken);
            rows += bronze.Rows;
            foreach (var (path, sha256) in await RawFilesAsync(mapping.Source, entity, bronze.SnapshotId, cancellationToken))
                files.Add(new DatasetFile($"{entity}/{Path.GetFileName(path)}", await lake.LocalAsync(path, sha256, cancellationToken), sha256, Rows: null));
        }
        return new DatasetSource($"{mapping.Source}/raw", files, [], rows, $"{mapping.File}: {mapping.Description}");
    }

    /// <summary>Raw files a bronze snapshot was made from; each bronze file's origin names its raw file's hash.</summary>
    private async Task<IReadOnlyList<(string Path, string Sha256)>> RawFilesAsync(string source, string entity, long bronzeSnapshot, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var files = await connection.QueryAsync<(string, string)>(new CommandDefinition(
            """
            select r.path, r.sha256
            from lake.raw_file r
            where r.source = @source
              and r.entity = @entity
              and exists (
                select
                from lake.file f
                where f.snapshot_id = @bronzeSnapshot
                  and strpos(f.derived_from, r.sha256) > 0)
            order by r.path
            """,
            new { source, entity, bronzeSnapshot }, cancellationToken: cancellationToken));
        return files.AsList();
    }

    private async Task<DatasetSource> TablesAsync(
        string dataset, string[] names, string layer, string origin, SourceMapping mapping, TaskContext context, CancellationToken cancellationToken)
    {
        var files = new List<DatasetFile>();
        var tables = new List<DatasetTable>();
        foreach (var name in names)
        {
            var snapshot = await lake.RequireAsync(new LakeTableName(layer, mapping.Source, name), context, cancellationToken);
            var folder = names.Length == 1 ? null : name;
            tables.Add(new DatasetTable(
                $"{snapshot.Table}", snapshot.SnapshotId, snapshot.Rows, [.. snapshot.Columns.Select(c => new DatasetColumn(c.Name, c.Type))], KeyOf(layer, name), folder));
            files.AddRange(snapshot.Files.Select(f => new DatasetFile((folder is null ? "" : folder + "/") + Path.GetFileName(f.Path), lake.Absolute(f.Path), f.Sha256, f.Rows)));
        }
        return new DatasetSource(dataset, files, tables, tables.Sum(t => t.Rows), origin);
    }

    /// <summary>Columns that tell the rows of a table apart; null where nothing is known of it.</summary>
    private static string[]? KeyOf(string layer, string name) => (layer, name) switch
    {
        // A line of a raw file is one event, or a purchase and the return of it.
        ("silver", "events") => ["file", "line", "event_type"],
        ("silver", _) => CanonicalTable.All.FirstOrDefault(t => t.Name == name)?.Key is { } key ? [key] : null,
        ("gold", "churn_training_set") => ["customer_id", "cutoff"],
        ("gold", "purchase_training_set" or "purchase_classic_training_set") => ["customer_id", "product_id", "cutoff"],
        _ => null,
    };
}
