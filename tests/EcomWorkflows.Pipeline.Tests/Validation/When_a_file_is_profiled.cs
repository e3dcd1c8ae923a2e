using System.IO.Compression;
using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Ingestion.Inference;
using EcomWorkflows.Pipeline.Validation.Proposal;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A suite that is proposed for a file, and the file ingested by the mapping that is proposed for it.</summary>
public sealed class When_a_file_is_profiled(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private readonly ValidationHome home = new(postgres);

    public Task InitializeAsync() => home.MigrateAsync();

    [Theory]
    [InlineData("plain", 1)]
    [InlineData("latin-1", 2)]
    [InlineData("utf-16", 3)]
    [InlineData("json lines", 4)]
    [InlineData("zip", 5)]
    [InlineData("parquet", 6)]
    [InlineData("long field", 7)]
    public async Task What_is_proposed_holds_for_the_very_file_once_it_is_ingested(string kind, int run)
    {
        var file = Write(kind);
        var reading = FileReading.Read(file, Directory.CreateDirectory(home.Path_($"profile-{run}")).FullName, PipelineOptions.DefaultDuckDbMemoryLimit, CancellationToken.None);
        var proposal = SuiteProfiler.Propose("shop/rows", [reading.Rows], trials: 5, seed: 1, PipelineOptions.DefaultProfilingMemoryLimit, CancellationToken.None);
        var mapping = MappingInference.Infer(file, "shop", "rows");
        mapping["entities"]!["rows"]!["suite"] = "shop/rows";
        home.Write("workflows/sources/shop.json", mapping.ToJsonString());
        home.Write("workflows/expectations/shop/rows.json", proposal.Suite.ToJsonString());

        var ingested = await home.RunAsync<IngestInputs, IngestOutputs>("Ecom.Ingest", new IngestInputs { Source = "shop", Entity = "rows", File = file }, home.Attempt(run, run * 10));
        var validated = await home.ValidateAsync(home.Attempt(run, (run * 10) + 1), entity: "rows");

        (ingested.RowsKept, ingested.RowsRejected).ShouldBe((reading.Kept, 0L));
        reading.Kept.ShouldBeGreaterThan(100);
        (await home.Results.ExpectationsAsync(validated.ValidationResultId!.Value, CancellationToken.None)).Where(one => !one.Success).Select(one => one.Statement).ShouldBeEmpty();
        proposal.Expectations.Count(one => one.Kept).ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData("empty.csv", "", "is empty")]
    [InlineData("cut.parquet", "PAR1 and no more", "cannot be read")]
    [InlineData("own.csv", "_line,b\n1,x\n2,y\n", "'_line' is a column that ingestion adds itself")]
    public void What_cannot_be_read_says_why(string name, string text, string expected)
    {
        home.Write(name, text);

        Should.Throw<TaskFailedException>(() => FileReading.Read(home.Path_(name), home.Path_("."), PipelineOptions.DefaultDuckDbMemoryLimit, CancellationToken.None)).Message.ShouldContain(expected);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => home.Dispose();

    private string Write(string kind)
    {
        var rows = Enumerable.Range(1, 300).ToList();
        var csv = "id;city;price;at;day\n" + string.Concat(rows.Select(i => $"{i};{(i % 3 == 0 ? "Zürich" : "Genève")};{i % 50},5;{(i % 7 == 0 ? "NULL" : $"{1 + (i % 28):00}.10.2026 10:00")};2026-10-{1 + (i % 28):00}\n"));
        var json = string.Concat(rows.Select(i => $$"""{"id":{{i}},"city":"Zürich","at":"2026-10-{{1 + (i % 28):00}}T10:00:00+02:00","tags":["a",{{i % 4}}]}""" + "\n"));
        return kind switch
        {
            "latin-1" => Bytes("rows.csv", Encoding.Latin1.GetBytes(csv)),
            "utf-16" => Bytes("rows.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(csv)]),
            "json lines" => Bytes("rows.jsonl", Encoding.UTF8.GetBytes(json)),
            "zip" => Zip(csv),
            "parquet" => Parquet(),
            "long field" => Bytes("rows.csv", Encoding.UTF8.GetBytes(csv + $"301;{new string('x', 3_000_000)};1,5;01.10.2026 10:00;2026-10-01\n")),
            _ => Bytes("rows.csv", Encoding.UTF8.GetBytes(csv)),
        };
    }

    private string Bytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(home.Path_(name), bytes);
        return home.Path_(name);
    }

    private string Zip(string csv)
    {
        using var archive = ZipFile.Open(home.Path_("rows.zip"), ZipArchiveMode.Create);
        foreach (var name in new[] { "january.csv", "february.csv" })
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(csv);
        }
        return home.Path_("rows.zip");
    }

    private string Parquet()
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.Execute(
            $"""
            copy (
              select i as id, 'Zürich' as city, (i % 50)::decimal(8,2) as price, timestamptz '2026-10-01 10:00:00+02' + to_hours(i::int) as seen, [i % 4] as tags
              from range(1, 301) r(i)
            ) to '{home.Path_("rows.parquet")}' (format parquet)
            """);
        return home.Path_("rows.parquet");
    }
}
