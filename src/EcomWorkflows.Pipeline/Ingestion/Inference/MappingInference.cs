using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Ingestion.Csv;
using EcomWorkflows.Pipeline.Ingestion.Json;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>Proposes a source mapping for a file, from the beginning of it: a start to be read and corrected, not the last word.</summary>
public static partial class MappingInference
{
    private const int SampleRecords = 20_000;
    private const int LongestHeader = 65_536;

    /// <summary>Control characters that are neither white space nor, as some exports have it, the end of a file or a separator.</summary>
    private static readonly SearchValues<byte> NoText = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27]);

    /// <summary>What the daily DAGs ingest besides events.</summary>
    private static readonly string[] OtherEntities = ["products", "customers", "orders", "order_items"];

    private static readonly byte[] Delimiters = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    /// <param name="source">Name of the source; null takes the file's name.</param>
    /// <param name="entity">What its records are. Of <c>events</c> silver tables are proposed too; of others they are left to be written.</param>
    /// <param name="memoryLimit">What DuckDB may take to look at a Parquet file.</param>
    /// <returns>The mapping as JSON, ready for <c>workflows/sources</c>.</returns>
    /// <exception cref="TaskFailedException">The file is not there, empty, or of a format that ingestion does not read.</exception>
    public static JsonObject Infer(string path, string? source, string entity, string memoryLimit = PipelineOptions.DefaultDuckDbMemoryLimit)
    {
        if (!File.Exists(path))
            throw new TaskFailedException($"{path} does not exist.", retryable: false);
        var name = NameOf(source ?? Path.GetFileName(path));
        var input = new RawInput(path, Path.GetFileName(path), RawBytes.Members(path, Path.GetFileName(path))?[0]);
        var (format, columns) = IsParquet(path) ? Parquet(input, memoryLimit) : Text(input);
        Require(input, [.. columns.Select(column => column.Column.Name)]);
        var entities = new JsonObject
        {
            [entity] = new JsonObject
            {
                ["kind"] = "file", ["location"] = "{file}", ["format"] = format, ["suite"] = null, ["drift"] = new JsonObject { ["new"] = "warn" },
                ["columns"] = new JsonArray([.. columns.Select(column => Column(column.Column))]),
            },
        };
        var silver = entity == "events" ? new SilverProposal(columns) : null;
        if (silver is not null)
        {
            foreach (var other in OtherEntities)
                entities[other] = new JsonObject { ["kind"] = "none", ["columns"] = new JsonArray() };
        }
        return new JsonObject
        {
            ["source"] = name,
            ["description"] = $"Proposed from {input.Name}: check encoding, types and descriptions, and {(silver is null ? "write the silver tables" : "what the SQL of the silver tables makes of the columns")}.",
            ["entities"] = entities,
            ["silver"] = silver?.Silver() ?? [],
            ["activity"] = silver?.Activity() ?? new JsonObject { ["eventTypes"] = new JsonArray() },
            ["churn"] = new JsonObject { ["outcomeDays"] = 30, ["embargoDays"] = 1 },
        };
    }

    /// <summary>No proposal is better than one that ingestion refuses.</summary>
    private static void Require(RawInput input, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            throw new TaskFailedException(
                $"{input.Name} has no whole record with a member in its first {TextSample.SampleBytes >> 20} MB, which are all that is looked at. Write its mapping by hand (docs/sources.md has the members).",
                FailureCause.BadData, retryable: false);
        }
        if (names.FirstOrDefault(MappingCheck.IsOwnColumn) is { } own)
            throw new TaskFailedException($"{input.Name}: {MappingCheck.OwnColumn(own)}.", FailureCause.BadData, retryable: false);
    }

    private static bool IsParquet(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PAR1"u8);
    }

    private static (JsonObject Format, IReadOnlyList<InferredColumn> Columns) Parquet(RawInput input, string memoryLimit)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = memoryLimit });
        var file = $"read_parquet({DuckDbSql.Literal(input.Path)}, hive_partitioning = false)";
        try
        {
            var columns = duck.QueryRows($"select column_name, column_type from (describe select * from {file})", row => new SourceColumn(row.Get<string>(0), Readable(row.Get<string>(1))));
            return (new JsonObject { ["type"] = "parquet" }, [.. columns.Select(column => WithValues(column, file, duck))]);
        }
        catch (DuckDbException damaged)
        {
            throw new TaskFailedException($"{input.Name} begins as a Parquet file, but cannot be read: {damaged.Message}", FailureCause.BadData, retryable: false, damaged);
        }
    }

    private static InferredColumn WithValues(SourceColumn column, string file, DuckDbConnection duck)
    {
        var values = duck.QueryRows(
            $"""
            select value
            from (select cast({DuckDbSql.Identifier(column.Name)} as varchar) as value from {file} limit {SampleRecords})
            where value is not null
            """,
            row => row.Get<string>(0));
        return ColumnInference.Infer(column.Name, values) with { Column = column };
    }

    /// <summary>The type ingestion reads a column of a Parquet file as.</summary>
    private static string Readable(string type) => type switch
    {
        "BOOLEAN" => "boolean",
        "TINYINT" or "SMALLINT" or "UTINYINT" => "smallint",
        "INTEGER" or "USMALLINT" => "integer",
        "BIGINT" or "UINTEGER" => "bigint",
        "FLOAT" or "DOUBLE" => "double",
        "DATE" => "date",
        _ when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => "timestamp",
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) => type.ToLowerInvariant(),
        _ => "varchar",
    };

    private static (JsonObject Format, IReadOnlyList<InferredColumn> Columns) Text(RawInput input)
    {
        TextSample sample;
        try
        {
            using var stream = RawBytes.Open(input);
            sample = TextSample.Read(stream);
        }
        catch (InvalidDataException damaged)
        {
            throw RawBytes.Damaged(input.Path, input.Name, null, damaged);
        }
        var text = sample.Utf8.AsSpan();
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
            throw new TaskFailedException($"{input.Name} is empty.", FailureCause.BadData, retryable: false);
        if (text[..Math.Min(text.Length, LongestHeader)].ContainsAny(NoText))
            throw new TaskFailedException($"{input.Name} is no text: it has bytes that no text has. Ingestion reads CSV, TSV, JSON lines and Parquet, also packed with gzip, zstd or zip.", FailureCause.BadData, retryable: false);
        if (text.Contains((byte)'\r') && !text.Contains((byte)'\n'))
            throw new TaskFailedException($"{input.Name} ends its lines with a carriage return alone, as old programs for the Macintosh do: tr '\\r' '\\n' < {input.Name} > lines-{input.Name}", FailureCause.BadData, retryable: false);
        if (text[0] == '[' && JsonStart(text))
            throw new TaskFailedException($"{input.Name} is one JSON list; ingestion reads JSON lines, one object per line: jq -c '.[]' {input.Name} > {Path.GetFileNameWithoutExtension(input.Name)}.jsonl", FailureCause.BadData, retryable: false);
        return text[0] == '{' ? JsonLines(sample) : Csv(input, sample);
    }

    /// <summary>Whether a bracket begins a JSON list of objects or lists, and is not the first letter of a name.</summary>
    private static bool JsonStart(ReadOnlySpan<byte> text) => text[1..].TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    private static (JsonObject Format, IReadOnlyList<InferredColumn> Columns) Csv(RawInput input, TextSample sample)
    {
        var delimiter = Delimiters.MaxBy(candidate => Regularity(sample, candidate));
        var records = Records(sample, delimiter);
        var width = records.GroupBy(record => record.Length).MaxBy(same => same.Count())!.Key;
        var hasHeader = HasHeader(records);
        string[] names = hasHeader ? [.. CsvHeader.Names(records[0])] : [.. Enumerable.Range(1, width).Select(index => $"column_{index}")];
        var rows = records.Skip(hasHeader ? 1 : 0).Where(record => record.Length == names.Length).ToList();
        // Of columns with the same name the first is read.
        var inferred = names.Index().DistinctBy(name => name.Item, StringComparer.OrdinalIgnoreCase).Select(name => ColumnInference.Infer(name.Item, [.. rows.Select(row => row[name.Index])]));
        var columns = FileWide.Settle([.. inferred]);
        var format = new JsonObject
        {
            ["type"] = "csv", ["delimiter"] = $"{(char)delimiter}", ["quote"] = "\"", ["encoding"] = sample.Encoding, ["header"] = hasHeader,
            ["nulls"] = Texts(columns.SelectMany(column => column.Nulls).Append("").Distinct().Order(StringComparer.Ordinal)),
            ["decimal"] = columns.Any(column => column.DecimalComma) ? "," : ".",
        };
        AddPatterns(format, columns);
        if (columns.Count < 2 && records.Count < 2)
            throw new TaskFailedException($"{input.Name} looks like no table: neither CSV, JSON lines nor Parquet.", FailureCause.BadData, retryable: false);
        return (format, columns);
    }

    private static (JsonObject Format, IReadOnlyList<InferredColumn> Columns) JsonLines(TextSample sample)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        using var stream = new MemoryStream(sample.Utf8);
        var reader = new LineReader(stream);
        while (reader.Read() && reader.Number <= SampleRecords)
        {
            try
            {
                using var document = JsonDocument.Parse(reader.Line);
                foreach (var member in document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.EnumerateObject() : default)
                {
                    if (!values.TryGetValue(member.Name, out var list))
                        values.Add(member.Name, list = []);
                    if (member.Value.ValueKind != JsonValueKind.Null)
                        list.Add(member.Value.ToString());
                }
            }
            catch (JsonException)
            {
                // Rejected with its line when the file is ingested.
            }
        }
        var columns = FileWide.Settle([.. values.Select(member => ColumnInference.Infer(member.Key, member.Value))]);
        var format = new JsonObject { ["type"] = "jsonl" };
        AddPatterns(format, columns);
        return (format, columns);
    }

    private static void AddPatterns(JsonObject format, IReadOnlyList<InferredColumn> columns)
    {
        foreach (var type in new[] { "timestamp", "date" })
        {
            var patterns = columns.Where(column => column.Column.Type == type).Select(column => column.Pattern!).Distinct().ToList();
            if (patterns.Count > 0)
                format[type] = patterns.Count == 1 ? patterns[0] : Texts(patterns);
        }
    }

    /// <summary>Records that have as many fields as most; more fields count more, and one field says nothing.</summary>
    private static double Regularity(TextSample sample, byte delimiter)
    {
        var widths = Records(sample, delimiter, 200).Select(record => record.Length).ToList();
        var usual = widths.GroupBy(width => width).MaxBy(same => same.Count())!;
        return usual.Key == 1 ? 0 : ((double)usual.Count() / widths.Count) + (usual.Key / 10_000.0);
    }

    private static List<string[]> Records(TextSample sample, byte delimiter, int most = SampleRecords)
    {
        using var stream = new MemoryStream(sample.Utf8);
        var reader = new CsvRecordReader(stream, delimiter, (byte)'"');
        var records = new List<string[]>();
        while (records.Count < most && reader.Read())
        {
            if (reader.Fault != CsvFault.None)
                continue;
            var fields = new string[reader.FieldCount];
            for (var index = 0; index < fields.Length; index++)
                fields[index] = Encoding.UTF8.GetString(reader.Field(index));
            records.Add(fields);
        }
        return records.Count > 0 ? records : [[""]];
    }

    /// <summary>A first line of texts, none of which is a number, a time, or a truth value as those below it: <c>No</c> may be a name, and an export with an index has none over it.</summary>
    private static bool HasHeader(List<string[]> records)
    {
        var below = records.Skip(1).Where(record => record.Length == records[0].Length).ToList();
        return records[0].Any(name => name.Trim().Length > 0) && records[0].Index().All(name => IsName(name.Item, below.Select(record => record[name.Index])));
    }

    private static bool IsName(string text, IEnumerable<string> below) => TypeOf([text]) switch
    {
        "varchar" => text.Length == 0 || !text.All(char.IsAsciiDigit),
        "boolean" => TypeOf([.. below]) != "boolean",
        _ => false,
    };

    private static string TypeOf(IReadOnlyList<string> values) => ColumnInference.Infer("", values).Column.Type;

    private static JsonObject Column(SourceColumn column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type };
        if (column.Description is not null)
            json["description"] = column.Description;
        return json;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static string NameOf(string file)
    {
        var stem = file.Contains('.', StringComparison.Ordinal) ? file[..file.IndexOf('.', StringComparison.Ordinal)] : file;
        var name = NotAllowed().Replace(stem.ToLowerInvariant(), "_").Trim('_');
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : $"s_{name}";
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotAllowed();
}
