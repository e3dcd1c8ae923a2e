using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Makes the bronze and reject files of raw files, or finds those made before of the same bytes by the same mapping.</summary>
internal sealed class BronzeMaker(LakeStore lake, PipelineOptions options)
{
    // Part of what a file is derived from: a new way of reading makes all files anew.
    private const int ReaderVersion = 3;

    /// <summary>The tables an entity's rows and rejects go to.</summary>
    public static (LakeTableName Bronze, LakeTableName Rejects) Tables(SourceMapping mapping, string entity) =>
        (new LakeTableName("bronze", mapping.Source, entity), new LakeTableName("rejects", mapping.Source, entity));

    /// <summary>Opens what <see cref="MakeAsync"/> works in.</summary>
    public DuckDbConnection Open(TaskContext context) => BronzeBuffer.OpenDatabase(
        new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = Path.Combine(context.WorkFolder, "duckdb") });

    /// <param name="duck">As <see cref="Open"/> gives it, for one file at a time.</param>
    /// <exception cref="TaskFailedException">The file as a whole cannot be read as the mapping says.</exception>
    public async Task<BronzePart> MakeAsync(
        DuckDbConnection duck, SourceMapping mapping, string entity, RawDelivery raw, TaskContext context, CancellationToken cancellationToken)
    {
        var (bronzeTable, rejectsTable) = Tables(mapping, entity);
        var origin = Origin(mapping, entity, raw);
        if (await lake.FindDerivedAsync(bronzeTable, origin, cancellationToken) is { } bronze
            && await lake.FindDerivedAsync(rejectsTable, origin, cancellationToken) is { } rejects)
            return new BronzePart(bronze, rejects, await Task.Run(() => CountRecords(rejects, cancellationToken), cancellationToken));
        // The same bytes can come under two names, and rows carry the name.
        var file = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..12]}-{Path.GetFileNameWithoutExtension(raw.Name)}.parquet";
        var bronzePath = lake.NewFile(context, bronzeTable, file);
        var rejectsPath = lake.NewFile(context, rejectsTable, file);
        var written = await Task.Run(() => Write(duck, mapping, entity, raw, bronzePath, rejectsPath, context, cancellationToken), cancellationToken);
        var described = await Task.WhenAll(
            lake.DescribeAsync(bronzePath, cancellationToken, origin, written.Kept), lake.DescribeAsync(rejectsPath, cancellationToken, origin, written.Rejects));
        return new BronzePart(described[0], described[1], written.Rejected);
    }

    private (long Kept, long Rejects, long Rejected) Write(
        DuckDbConnection duck, SourceMapping mapping, string entity, RawDelivery raw, string bronzePath, string rejectsPath, TaskContext context,
        CancellationToken cancellationToken)
    {
        var reading = EntityReading.From(mapping, entity, options.DuckDbMemoryLimit);
        var target = new BronzeTarget(raw.Name, context.Attempt.RunId, bronzePath, rejectsPath);
        using var bronze = new BronzeBuffer(duck, reading.Parsers, reading.Values, target, cancellationToken);
        reading.Reader.Read(new RawInput(lake.Absolute(raw.File.Path), raw.Name, raw.Member), bronze, cancellationToken);
        bronze.Complete(cancellationToken);
        return (bronze.Kept, bronze.Rejects, bronze.Rejected);
    }

    private long CountRecords(LakeFile rejects, CancellationToken cancellationToken)
    {
        if (rejects.Rows == 0)
            return 0;
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = options.DuckDbMemoryLimit });
        return duck.Scalar<long>($"select count(distinct line) from read_parquet({DuckDbSql.Literal(lake.Absolute(rejects.Path))})", ct: cancellationToken);
    }

    /// <summary>What exactly a bronze file is made from: the raw bytes, the name its rows carry, and how they are read.</summary>
    public static string Origin(SourceMapping mapping, string entity, RawDelivery raw)
    {
        var declared = mapping.Entities[entity];
        var reading = JsonSerializer.SerializeToUtf8Bytes(
            new { declared.Kind, declared.Format, Columns = declared.Columns.Select(column => new { column.Name, column.Type, column.Path }), ReaderVersion }, TaskJson.Options);
        return $"raw {raw.File.Sha256} {raw.Name} read {Convert.ToHexStringLower(SHA256.HashData(reading))}";
    }
}
