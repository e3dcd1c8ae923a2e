using System.Text;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class BadFileTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns =
    [
        new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }, new { name = "price", type = "double" }, new { name = "at", type = "timestamp" },
    ];

    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task A_truncated_last_line_is_rejected_with_its_line()
    {
        var rejects = await RejectsAsync("id,name,price,at\n1,ann,2.5,2020-01-01 00:00:00\n2,bo", kept: 1);

        rejects.Single().ShouldBe([3L, null, "parse_columns", "the file is cut off: its last line ends after 2 of 4 fields, without a line end", "2,bo"]);
    }

    [Fact]
    public async Task Each_way_a_line_can_be_wrong_is_rejected_with_its_reason_and_the_good_lines_are_kept()
    {
        var text = new MemoryStream();
        text.Write("id,name,price,at\n"u8);
        text.Write("1,ann,2.5,2020-01-01 00:00:00\n"u8);
        text.Write("x,bob,two,never\n"u8);
        text.Write("3,cleo,1\n"u8);
        text.Write("4,dan,1,2020-01-01 00:00:00,more\n"u8);
        text.Write([(byte)'5', (byte)',', 0xC3, 0x28, .. ",1,2020-01-01 00:00:00\n"u8]);
        text.Write("6,\"eve\"\"\"x,1,2020-01-01 00:00:00\n"u8);
        text.Write("7,\"two\nlines\",,\n"u8);
        text.Write("8,fay,1e400,2020-02-30 00:00:00\n"u8);
        text.Write("9,\"never closed,1,2020-01-01 00:00:00\n"u8);
        text.Write("10,gus,1,2020-01-01 00:00:00\n"u8);
        var source = bench.Map(new { timestamp = "%Y-%m-%d %H:%M:%S" }, Columns);
        var outputs = await bench.IngestAsync(source, bench.WriteFile("rows.csv", text.ToArray()));

        outputs.RowsKept.ShouldBe(3);
        outputs.RowsRejected.ShouldBe(7);
        outputs.RowsRead.ShouldBe(10);
        (await bench.QueryAsync(source, "select _line, id, name, price is null, _file from {bronze} order by _line")).ShouldBe(
        [
            [2L, 1L, "ann", false, "rows.csv"], [8L, 7L, "two\nlines", true, "rows.csv"], [12L, 10L, "gus", false, "rows.csv"],
        ]);
        (await bench.QueryAsync(source, "select line, column_name, rule from {rejects} order by line, column_name")).ShouldBe(
        [
            [3L, "at", "parse_type"], [3L, "id", "parse_type"], [3L, "price", "parse_type"],
            [4L, null, "parse_columns"], [5L, null, "parse_columns"], [6L, "name", "parse_encoding"], [7L, null, "parse_quote"],
            [10L, "at", "parse_type"], [10L, "price", "parse_type"], [11L, null, "parse_quote"],
        ]);
        (await bench.QueryAsync(source, "select message from {rejects} where line = 3 and column_name = 'id'")).Single()
            .ShouldBe(["'x' is not a whole number from -9223372036854775808 to 9223372036854775807"]);
        (await bench.QueryAsync(source, "select file, raw from {rejects} where line = 6")).Single().ShouldBe(["rows.csv", "5,\uFFFD(,1,2020-01-01 00:00:00"]);
    }

    [Fact]
    public async Task A_wrong_header_names_file_line_and_difference()
    {
        var error = await FailAsync("id,nome,price,at\n1,ann,2.5,2020-01-01 00:00:00\n");

        error.Message.ShouldContain("rows.csv line 1: the header is not the declared one. Declared: id,name,price,at. Found: id,nome,price,at. Missing: name. Not declared: nome.");
        error.Retryable.ShouldBeFalse();
        error.Cause.ShouldBe(FailureCause.BadData);
        (await FailAsync("name,id,price,at\n")).Message.ShouldContain("The columns are the same in another order.");
        (await FailAsync("1,ann,2.5,2020-01-01 00:00:00\n")).Message.ShouldContain("Missing: id, name, price, at.");
    }

    [Fact]
    public async Task An_empty_file_says_what_its_first_line_must_be() =>
        (await FailAsync("")).Message.ShouldContain("rows.csv is empty: its first line must be the header id,name,price,at");

    [Fact]
    public async Task A_missing_file_names_where_it_was_sought_and_what_to_do()
    {
        var source = bench.Map(new { }, Columns);
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, "/no/such/file.csv"));
        error.Message.ShouldContain("/no/such/file.csv does not exist");
        error.Message.ShouldContain("--file");
        error.Retryable.ShouldBeFalse();

        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source))).Message.ShouldContain("--file PATH");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.Home))).Message.ShouldContain("is a folder");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, "x.csv", entity: "carts"))).Message.ShouldContain("no entity 'carts'; it has events");
    }

    [Fact]
    public async Task A_UTF_16_file_declared_as_UTF_8_says_what_to_change()
    {
        var source = bench.Map(new { }, Columns);
        var path = bench.WriteFile("rows.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id,name,price,at\n")]);

        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, path))).Message.ShouldContain("\"encoding\": \"utf-16\"");
    }

    [Theory]
    [InlineData("utf-16", 1200)]
    [InlineData("latin-1", 28591)]
    [InlineData("windows-1252", 1252)]
    public async Task Other_encodings_are_read_where_the_mapping_declares_them(string name, int codePage)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        var source = bench.Map(new { encoding = name, delimiter = ";", @decimal = "," }, Columns);
        var path = bench.WriteFile("rows.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes("id;name;price;at\r\n1;Zoë £;2,5;2020-01-01 00:00:00\r\n2;x;1.5;\r\n")]);
        await bench.IngestAsync(source, path);

        (await bench.QueryAsync(source, "select name, price from {bronze}")).Single().ShouldBe(["Zoë £", 2.5]);
        (await bench.QueryAsync(source, "select line, column_name from {rejects}")).Single().ShouldBe([3L, "price"]);
    }

    [Fact]
    public async Task A_gzip_file_that_was_cut_off_is_an_error_and_publishes_nothing()
    {
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(row => $"{row},name {row * 7919 % 10007},{row * 0.37},2020-01-01 00:00:00\n"));
        var whole = File.ReadAllBytes(bench.WriteFile("whole.csv.gz", "id,name,price,at\n" + rows));
        var path = Path.Combine(bench.Home, "cut.csv.gz");
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        var source = bench.Map(new { }, Columns);

        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, path));
        error.Message.ShouldContain("cut.csv.gz: the gzip data is damaged or cut off after line ");
        (await bench.Lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_header_alone_is_a_table_without_rows()
    {
        (await RejectsAsync("id,name,price,at\n", kept: 0)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"delimiter":"||"}""", "format.delimiter: allowed is one ASCII character; got ||")]
    [InlineData("""{"encoding":"ebcdic"}""", "format.encoding: allowed is one of utf-8, latin-1, windows-1252, utf-16; got ebcdic")]
    [InlineData("""{"timestamp":"%Q"}""", "format.timestamp: allowed is a strptime pattern")]
    [InlineData("""{"header":"yes"}""", "format.header: allowed is true or false")]
    public async Task A_bad_format_names_the_mapping_file_and_what_is_allowed(string format, string expected)
    {
        var source = bench.Map(System.Text.Json.JsonDocument.Parse(format).RootElement, Columns);
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("rows.csv", "id\n")));

        error.Message.ShouldContain($"{source}.json: entities.events.{expected}");
    }

    [Fact]
    public async Task A_type_that_ingestion_does_not_read_is_refused_with_those_it_does()
    {
        var source = bench.Map(new { }, new[] { new { name = "id", type = "json" } });
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("rows.csv", "id\n")))).Message
            .ShouldContain("column 'id' has type 'json'; allowed are varchar, boolean");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private async Task<TaskFailedException> FailAsync(string text)
    {
        var source = bench.Map(new { timestamp = "%Y-%m-%d %H:%M:%S" }, Columns);
        return await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, bench.WriteFile("rows.csv", text)));
    }

    private async Task<IReadOnlyList<object?[]>> RejectsAsync(string text, long kept)
    {
        var source = bench.Map(new { timestamp = "%Y-%m-%d %H:%M:%S" }, Columns);
        (await bench.IngestAsync(source, bench.WriteFile("rows.csv", text))).RowsKept.ShouldBe(kept);
        return await bench.QueryAsync(source, "select line, column_name, rule, message, raw from {rejects} order by line");
    }
}
