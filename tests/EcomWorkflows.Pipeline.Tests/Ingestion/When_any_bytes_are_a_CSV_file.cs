using System.Globalization;
using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Ingestion.Csv;
using EcomWorkflows.Pipeline.Sources;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

/// <summary>
/// Whatever a file holds: every record becomes a row or is rejected, or the file is refused with a message; nothing else is thrown. Reading many records at a time
/// gives the same rows and rejects as reading them one by one.
/// </summary>
public sealed class When_any_bytes_are_a_CSV_file : IDisposable
{
    private const int Files = 2_000;

    private const int FilesOfALongRun = 100_000;

    /// <summary>Files whose rows go to the same tables: making tables costs more than all the rest.</summary>
    private const int MostFilesTogether = 60;

    private static readonly string[] Types = ["varchar", "bigint", "double", "timestamp", "date", "boolean", "decimal(9,2)"];
    private static readonly string[] Encodings = ["utf-8", "latin-1", "windows-1252", "utf-16"];

    /// <summary>Pieces that mean something to the reader, so that mutations meet in the interesting places.</summary>
    private static readonly byte[][] Pieces =
    [
        .. new[] { ",", ";", "\"", "\"\"", "\n", "\r\n", "\r", "\0", "\uFEFF", "é", "1e999", "-9223372036854775809", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "nan", "\t", "  " }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD], [(byte)'P', (byte)'K', 3, 4],
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("ecom-bytes-").FullName;

    [Fact]
    public void Rows_and_rejects_add_up_to_the_records()
    {
        var files = Environment.GetEnvironmentVariable("ECOM_LONG_TESTS") is { Length: > 0 } ? FilesOfALongRun : Files;
        for (var seed = 0; seed < files;)
        {
            // Some have tables of their own, so that these can be held against the file.
            var together = new Random(-1 - seed).Next(8) == 0 ? 1 : Math.Min(MostFilesTogether, files - seed);
            Check(seed, together);
            seed += together;
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Reads files of the same columns into the same tables, many records at a time and one by one, and compares what comes out.</summary>
    private void Check(int firstSeed, int together)
    {
        var shape = new Random(firstSeed);
        var types = Enumerable.Range(0, shape.Next(1, 6)).Select(_ => Types[shape.Next(Types.Length)]).ToArray();
        var reading = EntityReading.From(Mapping(types, "utf-8", header: true), "events", PipelineOptions.DefaultDuckDbMemoryLimit);
        using var database = BronzeBuffer.OpenDatabase(new DuckDbOptions { Threads = 1, MemoryLimit = "256MB" });
        using var many = Buffer(database, reading, "many");
        using var single = Buffer(database, reading, "single");
        for (var seed = firstSeed; seed < firstSeed + together; seed++)
        {
            var random = new Random(seed);
            var bytes = Mutated(random);
            var encoding = random.Next(4) == 0 ? Encodings[random.Next(Encodings.Length)] : "utf-8";
            Check(bytes, Mapping(types, encoding, header: random.Next(4) != 0), many, single, $"seed {seed} of the tables from seed {firstSeed}");
        }
        many.Complete(CancellationToken.None);
        single.Complete(CancellationToken.None);
        CompareTables(many, together, $"tables from seed {firstSeed}");
    }

    private void Check(byte[] bytes, SourceMapping mapping, BronzeBuffer many, BronzeBuffer single, string what)
    {
        System.IO.File.WriteAllBytes(Path.Combine(folder, "any.csv"), bytes);
        var format = CsvFormat.From(mapping, "events");
        var parsers = EntityReading.From(mapping, "events", PipelineOptions.DefaultDuckDbMemoryLimit).Parsers;
        var found = Read(new CsvBronze(format, parsers, mapping.File), many);
        Read(new CsvBronze(format, parsers, mapping.File, manyAtATime: false), single).ShouldBe(found, what);
        if (found.Refused is { } refused)
        {
            // A file that is refused as a whole: empty, or packed and damaged. The message says so.
            refused.ShouldContain("any.csv", customMessage: what);
            return;
        }
        if (format.IsUtf8)
            (found.Kept + found.Rejected).ShouldBe(Math.Max(0, Records(bytes) - (format.Header ? 1 : 0)), what);
        found.Rejects.ShouldBeGreaterThanOrEqualTo(found.Rejected, what);
    }

    private void CompareTables(BronzeBuffer many, int files, string what)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1 });
        duck.Scalar<long>($"select count(*) from {Table("kept", "many")}").ShouldBe(many.Kept, what);
        duck.Scalar<long>($"select count(*) from {Table("rejected", "many")}").ShouldBe(many.Rejects, what);
        if (files == 1)
            duck.Scalar<long>($"select count(distinct line) from {Table("rejected", "many")}").ShouldBe(many.Rejected, what);
        foreach (var table in (string[])["kept", "rejected"])
        {
            duck.Scalar<long>(
                $"""
                select count(*)
                from (select row_number() over () as place, * from {Table(table, "many")}) many
                full join (select row_number() over () as place, * from {Table(table, "single")}) single using (place)
                where many is distinct from single
                """).ShouldBe(0, what);
        }
    }

    private BronzeBuffer Buffer(DuckDbConnection database, EntityReading reading, string name) => new(
        database, reading.Parsers, reading.Values, new BronzeTarget("any.csv", 1, File("kept", name), File("rejected", name)),
        CancellationToken.None);

    /// <summary>What one file adds to the tables.</summary>
    private Findings Read(CsvBronze reader, BronzeBuffer bronze)
    {
        var (kept, rejected, rejects) = (bronze.Kept, bronze.Rejected, bronze.Rejects);
        string? refused = null;
        try
        {
            var input = new RawInput(Path.Combine(folder, "any.csv"), "any.csv");
            reader.Probe(input, CancellationToken.None);
            reader.Read(input, bronze, CancellationToken.None);
        }
        catch (TaskFailedException failure)
        {
            refused = failure.Message;
        }
        return new Findings(bronze.Kept - kept, bronze.Rejected - rejected, bronze.Rejects - rejects, refused);
    }

    private string File(string table, string reader) => Path.Combine(folder, $"{table}-{reader}.parquet");

    private string Table(string table, string reader) => $"read_parquet('{File(table, reader)}')";

    /// <summary>A well-formed file with bytes changed, removed, doubled and put in.</summary>
    private static byte[] Mutated(Random random)
    {
        if (random.Next(20) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }
        var (quote, lineEnd) = (random.Next(3) == 0 ? "\"" : "", random.Next(4) == 0 ? "\r\n" : "\n");
        var rows = Enumerable.Range(0, random.Next(random.Next(50) == 0 ? 5_000 : 12))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row},{quote}n {row}{quote},{row * 0.5},2020-01-0{1 + (row % 9)}"));
        var bytes = Encoding.UTF8.GetBytes($"a,b,c,d{lineEnd}" + string.Join(lineEnd, rows) + (random.Next(2) == 0 ? lineEnd : "")).ToList();
        for (var mutation = random.Next(0, 8); mutation > 0; mutation--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 6), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    bytes.InsertRange(random.Next(2) == 0 ? 0 : at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>
    /// Records by the documented rules, told by a plain walk over the bytes: a record ends with a line feed outside quotes; a line that is empty is none; where quotes
    /// are broken, the first line of the record is one record by itself.
    /// </summary>
    private static int Records(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        var records = 0;
        while (bytes.Length > 0)
        {
            var line = bytes.IndexOf((byte)'\n');
            var first = line < 0 ? bytes : bytes[..line];
            var isEmpty = first is [] or [(byte)'\r'];
            var length = isEmpty ? -1 : Quoted(bytes);
            records += isEmpty ? 0 : 1;
            bytes = bytes[Math.Min(bytes.Length, length >= 0 ? length : first.Length + 1)..];
        }
        return records;
    }

    /// <summary>Length of the record at the start, its line end included; -1 where its quotes are broken.</summary>
    private static int Quoted(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (true)
        {
            if (at < bytes.Length && bytes[at] == '"')
            {
                at++;
                while (true)
                {
                    var close = bytes[at..].IndexOf((byte)'"');
                    if (close < 0)
                        return -1;
                    at += close + 1;
                    if (at >= bytes.Length || bytes[at] != '"')
                        break;
                    at++;
                }
                var after = bytes[at..];
                if (after is not [] and not [(byte)',', ..] and not [(byte)'\n', ..] and not [(byte)'\r', (byte)'\n', ..] and not [(byte)'\r'])
                    return -1;
            }
            else
            {
                var end = bytes[at..].IndexOfAny((byte)',', (byte)'\n');
                at = end < 0 ? bytes.Length : at + end;
            }
            if (at < bytes.Length && bytes[at] == ',')
            {
                at++;
                continue;
            }
            while (at < bytes.Length && bytes[at] != '\n')
                at++;
            return Math.Min(bytes.Length, at + 1);
        }
    }

    private static SourceMapping Mapping(string[] types, string encoding, bool header) => new(
        "any", "",
        new Dictionary<string, SourceEntity>
        {
            ["events"] = new(
                "file", "any.csv", new System.Text.Json.Nodes.JsonObject { ["encoding"] = encoding, ["header"] = header },
                [.. types.Select((type, index) => new SourceColumn($"{(char)('a' + index)}", type))], null),
        },
        new Dictionary<string, SilverTable>(), new ActivityMapping([]), new ChurnSettings(30, 1));

    private sealed record Findings(long Kept, long Rejected, long Rejects, string? Refused);
}
