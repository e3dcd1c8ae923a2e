using System.IO.Compression;
using System.Text;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>Each is kept as it came: its text in the raw file, quotes, blanks and all.</summary>
public sealed class When_rows_go_to_quarantine(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private const string Csv = """{ "type": "csv", "encoding": "ENCODING" }""";

    /// <summary>Lines 4 and 5 are one record; line 7 is refused by ingestion.</summary>
    private const string Text = "user_id,kind,n\nu1,view,1\n\nu2,\"wi\nsh\", 2\nu3,\"caf\u00e9\",03\nu4,view,x\nu5,cart,5\n";

    private static readonly string[] Records = ["4 kind 'u2,\"wi\nsh\", 2'", "6 kind 'u3,\"caf\u00e9\",03'", "7 parse_type 'u4,view,x'"];

    private readonly ValidationHome home = new(postgres);

    public Task InitializeAsync() => home.MigrateAsync();

    [Theory]
    [InlineData("plain", "utf-8")]
    [InlineData("gzip", "utf-8")]
    [InlineData("zip", "utf-8")]
    [InlineData("plain", "latin-1")]
    [InlineData("plain", "utf-16")]
    public async Task A_record_of_a_CSV_file_is_kept_as_its_text(string packing, string encoding)
    {
        var bytes = (encoding switch { "latin-1" => Encoding.Latin1, "utf-16" => Encoding.Unicode, _ => Encoding.UTF8 }).GetBytes(Text);
        await QuarantineAsync($"{packing}_{encoding.Replace("-", "", StringComparison.Ordinal)}", Csv.Replace("ENCODING", encoding, StringComparison.Ordinal), Packed(bytes, packing));

        (await RowsAsync($"{packing}_{encoding.Replace("-", "", StringComparison.Ordinal)}")).ShouldBe(Records);
    }

    [Fact]
    public async Task An_object_of_JSON_lines_is_kept_as_its_line()
    {
        await QuarantineAsync(
            "json", """{ "type": "jsonl" }""", Encoding.UTF8.GetBytes("{\"user_id\":\"u1\",\"kind\":\"view\",\"n\":1}\n\n{ \"n\": 2, \"kind\":\"w\\u0069sh\", \"user_id\":\"u2\" }\n"));

        (await RowsAsync("json")).ShouldBe(["3 kind '{ \"n\": 2, \"kind\":\"w\\u0069sh\", \"user_id\":\"u2\" }'"]);
    }

    [Fact]
    public async Task Where_the_raw_file_is_gone_its_values_stand_for_it()
    {
        await IngestAsync("gone", Csv.Replace("ENCODING", "utf-8", StringComparison.Ordinal), Encoding.UTF8.GetBytes(Text));
        Directory.Delete(home.Path_("lake/raw"), recursive: true);
        await home.ValidateAsync(home.Attempt(1, 12), entity: "gone");

        (await RowsAsync("gone"))[1].ShouldBe("6 kind '{\"user_id\":\"u3\",\"kind\":\"caf\u00e9\",\"n\":3}'");
    }

    [Fact]
    public async Task Where_the_mapping_reads_other_records_now_the_values_stand_for_them()
    {
        await IngestAsync("changed", Csv.Replace("ENCODING", "utf-8", StringComparison.Ordinal), Encoding.UTF8.GetBytes(Text));
        Mapping("changed", """{ "type": "csv", "quote": "'" }""");
        await home.ValidateAsync(home.Attempt(1, 12), entity: "changed");

        (await RowsAsync("changed"))[0].ShouldBe("4 kind '{\"user_id\":\"u2\",\"kind\":\"wi\\nsh\",\"n\":2}'");
    }

    [Fact]
    public async Task They_are_read_by_rule_and_page_by_page()
    {
        await QuarantineAsync("pages", Csv.Replace("ENCODING", "utf-8", StringComparison.Ordinal), Encoding.UTF8.GetBytes(Text));
        var reader = new QuarantineReader(home.Lake, home.Options);

        (await reader.ReadAsync("shop", "pages", "kind", 10, 0, CancellationToken.None)).Select(row => row.Line).ShouldBe([4, 6]);
        (await reader.ReadAsync("shop", "pages", null, 1, 1, CancellationToken.None)).ShouldHaveSingleItem().Messages.ShouldHaveSingleItem().ShouldContain("caf\u00e9");
        (await reader.ReadAsync("shop", "nothing", null, 10, 0, CancellationToken.None)).ShouldBeEmpty();
        File.ReadAllText(home.Path_("reports/quality/shop/run-1/pages/quarantine.csv")).ShouldContain("\"u3,\"\"caf\u00e9\"\",03\"");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => home.Dispose();

    private async Task<IReadOnlyList<string>> RowsAsync(string entity) =>
        [.. (await new QuarantineReader(home.Lake, home.Options).ReadAsync("shop", entity, null, 100, 0, CancellationToken.None)).Select(row => $"{row.Line} {string.Join(",", row.Rules)} '{row.Raw}'")];

    private async Task QuarantineAsync(string entity, string format, byte[] file)
    {
        await IngestAsync(entity, format, file);
        await home.ValidateAsync(home.Attempt(1, 12), entity: entity);
    }

    private async Task IngestAsync(string entity, string format, byte[] file)
    {
        Mapping(entity, format);
        home.Write(
            $"workflows/expectations/shop/{entity}.json",
            $$"""
            { "name": "shop/{{entity}}", "expectations": [
              { "type": "expect_column_values_to_be_in_set", "kwargs": { "column": "kind", "value_set": ["view", "cart"] }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "kind" } }
            ] }
            """);
        home.Write($"data/{entity}.csv", "");
        File.WriteAllBytes(home.Path_($"data/{entity}.csv"), file);
        await home.RunAsync<IngestInputs, IngestOutputs>("Ecom.Ingest", new IngestInputs { Source = "shop", Entity = entity }, home.Attempt(1, 11));
    }

    private void Mapping(string entity, string format) => home.Write(
        "workflows/sources/shop.json",
        $$"""
        { "source": "shop", "description": "", "entities": {
            "{{entity}}": { "kind": "file", "location": "data/{{entity}}.csv", "suite": "shop/{{entity}}", "format": {{format}},
              "columns": [ { "name": "user_id", "type": "varchar" }, { "name": "kind", "type": "varchar" }, { "name": "n", "type": "bigint" } ] } },
          "silver": {}, "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 1, "embargoDays": 1 } }
        """);

    private static byte[] Packed(byte[] bytes, string packing)
    {
        using var packed = new MemoryStream();
        switch (packing)
        {
            case "gzip":
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                    gzip.Write(bytes);
                return packed.ToArray();
            case "zip":
                using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
                using (var entry = zip.CreateEntry("deep/e.csv").Open())
                    entry.Write(bytes);
                return packed.ToArray();
            default:
                return bytes;
        }
    }
}
