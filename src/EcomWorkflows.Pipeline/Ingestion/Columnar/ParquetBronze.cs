using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Ingestion.Drift;
using EcomWorkflows.Pipeline.Ingestion.Parsing;

namespace EcomWorkflows.Pipeline.Ingestion.Columnar;

/// <summary>Reads a Parquet file; its rows are numbered from 1 in place of lines.</summary>
/// <param name="memoryLimit">What DuckDB may take for it, as "512MB".</param>
internal sealed class ParquetBronze(IReadOnlyList<ColumnParser> columns, string memoryLimit) : IBronzeReader
{
    private const int CheckEvery = 65_536;

    /// <summary>Times are given to the parsers in this form, which keeps microseconds.</summary>
    private const string Timestamps = "%Y-%m-%d %H:%M:%S.%f";

    /// <summary>As declared, with forms that Parquet's own types are given in; a text is null only where the mapping says so.</summary>
    public static ValueFormat ValuesFrom(FormatMembers members)
    {
        var declared = ValueFormat.From(members);
        TimestampPattern.TryCompile(Timestamps, out var exact);
        TimestampPattern.TryCompile("%Y-%m-%d", out var day);
        return declared with
        {
            Nulls = [.. members.Texts("nulls", []).Select(Encoding.UTF8.GetBytes)],
            DecimalComma = false,
            Timestamps = [exact!, .. declared.Timestamps],
            Dates = [day!, .. declared.Dates],
        };
    }

    /// <exception cref="TaskFailedException">The file is no Parquet file, or damaged.</exception>
    public FoundColumns? Probe(RawInput input, CancellationToken cancellationToken)
    {
        using var duck = Open();
        var found = Describe(duck, input, cancellationToken);
        return new FoundColumns($"{input.Name}: its schema", [.. found.Select(column => column.Name)], string.Join(',', found.Select(column => $"{column.Name} {column.Type}")), HasOrder: true)
        {
            Types = found.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(same => same.Key, same => same.First().Type, StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <exception cref="TaskFailedException">The file is no Parquet file, or damaged, or one of its pages is larger than the memory.</exception>
    public void Read(RawInput input, BronzeBuffer bronze, CancellationToken cancellationToken)
    {
        using var duck = Open();
        var found = Describe(duck, input, cancellationToken).ToLookup(column => column.Name, StringComparer.OrdinalIgnoreCase);
        var fields = columns.Select(column => found[column.Name].FirstOrDefault() is ({ } name, { } type) ? AsText(name, type) : "null::varchar");
        try
        {
            using var rows = duck.Query($"select {string.Join(", ", fields)} from {Scan(input)}", ct: cancellationToken);
            var record = new ParquetRecord(rows, columns.Count);
            while (rows.Read())
            {
                record.Line++;
                bronze.Add(record);
                if (record.Line % CheckEvery == 0)
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (DuckDbException damaged) when (damaged is not DuckDbInterruptedException)
        {
            throw Unreadable(input, damaged);
        }
    }

    /// <summary>Nothing: a row of a Parquet file was never text.</summary>
    public IEnumerable<(long Line, string Text)> Find(RawInput input, IReadOnlyList<long> lines, CancellationToken cancellationToken) => [];

    private DuckDbConnection Open() => DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = memoryLimit, PreserveInsertionOrder = true });

    private static string Scan(RawInput input) => $"read_parquet({DuckDbSql.Literal(input.Path)}, hive_partitioning = false)";

    /// <summary>A column's values as the parsers read them; lists and structs as JSON, as from JSON lines.</summary>
    private static string AsText(string name, string type)
    {
        var id = DuckDbSql.Identifier(name);
        if (IsNested(type))
            return $"to_json({id})::varchar";
        return type.StartsWith("TIMESTAMP", StringComparison.Ordinal) ? $"strftime({id}::timestamp, '{Timestamps}')" : $"{id}::varchar";
    }

    private static bool IsNested(string type) => type.EndsWith(']') || type.StartsWith("STRUCT(", StringComparison.Ordinal) || type.StartsWith("MAP(", StringComparison.Ordinal);

    private static IReadOnlyList<(string Name, string Type)> Describe(DuckDbConnection duck, RawInput input, CancellationToken cancellationToken)
    {
        if (RawBytes.KindOf(input.Path) != CompressionKind.None)
            throw new TaskFailedException($"{input.Name} is packed; Parquet files pack their columns themselves and are read only as they are.", FailureCause.BadData, retryable: false);
        try
        {
            return duck.QueryRows($"select column_name, column_type from (describe select * from {Scan(input)})", row => (row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);
        }
        catch (DuckDbException damaged) when (damaged is not DuckDbInterruptedException)
        {
            throw Unreadable(input, damaged);
        }
    }

    private static TaskFailedException Unreadable(RawInput input, DuckDbException reason) => reason.Kind == DuckDbErrorKind.OutOfMemory
        ? new($"{input.Name} needs more memory to be read: {reason.Message}", FailureCause.OutOfMemory, retryable: false, reason)
        : new(
            $"{input.Name} is no Parquet file, or damaged: {reason.Message} Fetch the file again, or correct \"type\" in the source mapping; nothing of it was published.",
            FailureCause.BadData, retryable: false, reason);
}
