using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Ingestion.Inference;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>A file read as ingestion reads it with the mapping that is proposed for it, without a lake: to look at it before it is a source.</summary>
/// <param name="Rows">Table expression of its bronze rows.</param>
/// <param name="Kept">Records that became rows.</param>
/// <param name="Rejected">Records that are no rows.</param>
public sealed record FileReading(string Rows, long Kept, long Rejected)
{
    private const string Entity = "rows";

    /// <param name="path">A file, plain or packed; of a zip file all files in it are read.</param>
    /// <param name="folder">Where its rows are written to; they are there as long as it is.</param>
    /// <param name="memoryLimit">What DuckDB may take, as "512MB".</param>
    /// <exception cref="TaskFailedException">It is empty, damaged, or of a format that ingestion does not read.</exception>
    public static FileReading Read(string path, string folder, string memoryLimit, CancellationToken cancellationToken)
    {
        var proposed = MappingInference.Infer(path, null, Entity, memoryLimit);
        if (MappingCheck.Problems(proposed, proposed["source"]!.GetValue<string>()) is { Count: > 0 } problems)
            throw new TaskFailedException($"{path} cannot be ingested as it is: {string.Join(" ", problems)}", FailureCause.BadData, retryable: false);
        var reading = EntityReading.From(proposed.Deserialize<SourceMapping>(TaskJson.Options)! with { File = path }, Entity, memoryLimit);
        var name = Path.GetFileName(path);
        var parts = new List<string>();
        var (kept, rejected) = (0L, 0L);
        var inputs = RawBytes.Members(path, name) is { } members ? members.Select(member => new RawInput(path, $"{name}/{member}", member)) : [new RawInput(path, name)];
        using var duck = BronzeBuffer.OpenDatabase(new DuckDbOptions { MemoryLimit = memoryLimit, TempDirectory = Path.Combine(folder, "duckdb") });
        foreach (var input in inputs)
        {
            var part = Path.Combine(folder, $"rows-{parts.Count}.parquet");
            var target = new BronzeTarget(input.Name, 0, part, Path.Combine(folder, $"rejects-{parts.Count}.parquet"));
            using var bronze = new BronzeBuffer(duck, reading.Parsers, reading.Values, target, cancellationToken);
            reading.Reader.Read(input, bronze, cancellationToken);
            bronze.Complete(cancellationToken);
            parts.Add(part);
            (kept, rejected) = (kept + bronze.Kept, rejected + bronze.Rejected);
        }
        return new FileReading($"read_parquet([{string.Join(", ", parts.Select(DuckDbSql.Literal))}])", kept, rejected);
    }
}
