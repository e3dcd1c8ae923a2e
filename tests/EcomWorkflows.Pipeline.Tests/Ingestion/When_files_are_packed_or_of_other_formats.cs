using System.IO.Compression;
using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_files_are_packed_or_of_other_formats(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns = [new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }];

    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task A_zstd_file_is_read_whatever_it_is_called_and_one_that_was_cut_off_publishes_nothing()
    {
        var rows = "id,name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(row => $"{row},name {row * 7919 % 10007}\n"));
        var packed = Zstd(Encoding.UTF8.GetBytes(rows));
        var source = bench.Map(new { }, Columns);
        (await bench.IngestAsync(source, bench.WriteFile("rows.csv.zst", packed))).RowsKept.ShouldBe(50_000);
        (await bench.IngestAsync(bench.Map(new { }, Columns), bench.WriteFile("two-frames.csv", [.. packed, .. Zstd("50000,last\n"u8.ToArray())]))).RowsKept.ShouldBe(50_001);

        var cut = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { }, Columns), bench.WriteFile("cut.csv.zst", packed[..(packed.Length / 2)])));
        cut.Message.ShouldContain("cut.csv.zst: the zstd data is damaged or cut off after line ");
        packed.AsSpan(packed.Length / 3, 64).Reverse();
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { }, Columns), bench.WriteFile("bad.csv.zst", packed)))).Message.ShouldContain("nothing of it was published");
    }

    [Fact]
    public async Task Every_file_of_a_zip_file_is_read_under_its_own_name_and_the_zip_is_kept_as_it_came()
    {
        var path = Zip(("january.csv", "id,name\n1,a\n2,b\n"), ("more/february.csv", "id,name\n3,c\nx,d\n"), ("__MACOSX/january.csv", "junk"));
        var source = bench.Map(new { }, Columns);
        var outputs = await bench.IngestAsync(source, path);

        (outputs.RowsKept, outputs.RowsRejected, outputs.RawFiles.Count).ShouldBe((3L, 1L, 1));
        outputs.RawBytes.ShouldBe(new FileInfo(path).Length);
        (await bench.QueryAsync(source, "select _file, _line, id from {bronze} order by id")).ShouldBe(
            [["rows.zip/january.csv", 2L, 1L], ["rows.zip/january.csv", 3L, 2L], ["rows.zip/more/february.csv", 2L, 3L]]);
        var raw = await bench.Lake.FindRawAsync(source, "events", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), CancellationToken.None);
        raw.ShouldNotBeNull().Rows.ShouldBe(4);
    }

    [Fact]
    public async Task An_empty_and_a_damaged_zip_file_say_so()
    {
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { }, Columns), Zip()))).Message.ShouldContain("rows.zip is a zip file without a file in it");
        var whole = File.ReadAllBytes(Zip(("a.csv", "id,name\n1,a\n")));
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { }, Columns), bench.WriteFile("cut.zip", whole[..^10])))).Message
            .ShouldContain("cut.zip: the zip data is damaged or cut off");
    }

    [Fact]
    public async Task Tabs_separate_the_fields_of_TSV()
    {
        var source = bench.Map(new { type = "tsv" }, Columns);
        await bench.IngestAsync(source, bench.WriteFile("rows.tsv", "id\tname\n1\ta,b\n"));
        (await bench.QueryAsync(source, "select id, name from {bronze}")).Single().ShouldBe([1L, "a,b"]);
    }

    [Fact]
    public async Task JSON_lines_are_read_by_member_and_path_and_what_is_no_object_is_rejected_with_its_line()
    {
        var columns = new object[] { new { name = "id", type = "bigint" }, new { name = "city", type = "varchar", path = "address.city" }, new { name = "tags", type = "varchar" } };
        var source = bench.Map(new { type = "jsonl" }, columns);
        byte[] text =
        [
            .. "\uFEFF{\"id\":1,\"address\":{\"city\":\"Köln\"},\"tags\":[1,2]}\r\n\n"u8, .. "{\"id\":2\n"u8, .. "[3]\n"u8, .. "{\"id\":\""u8, 0xFF, .. "\"}\n"u8,
            .. "{\"id\":\"\\ud800\"}\n"u8, .. "{\"id\":6,\"address\":null,\"tags\":null}"u8,
        ];
        var outputs = await bench.IngestAsync(source, bench.WriteFile("rows.jsonl.gz", text));

        (outputs.RowsKept, outputs.RowsRejected).ShouldBe((2L, 4L));
        (await bench.QueryAsync(source, "select _line, id, city, tags from {bronze} order by 1")).ShouldBe([[1L, 1L, "Köln", "[1,2]"], [7L, 6L, null, null]]);
        (await bench.QueryAsync(source, "select line, rule from {rejects} order by 1")).ShouldBe([[3L, "parse_columns"], [4L, "parse_columns"], [5L, "parse_encoding"], [6L, "parse_columns"]]);
    }

    [Fact]
    public async Task A_Parquet_file_is_read_with_its_own_types_and_row_numbers()
    {
        var columns = new object[]
        {
            new { name = "id", type = "bigint" }, new { name = "at", type = "timestamp" }, new { name = "day", type = "date" }, new { name = "price", type = "double" },
            new { name = "name", type = "varchar" }, new { name = "small", type = "smallint" },
        };
        var path = Path.Combine(bench.Home, "rows.parquet");
        using (var duck = DuckDbConnection.Open(new DuckDbOptions()))
        {
            duck.Execute(
                $"""
                copy (
                  select * from (values
                    (1::integer, timestamp '2020-01-01 10:00:00.123456', date '2020-01-01', 2.5::decimal(5,2), '', 7),
                    (2, null, null, null, null, 70000)) t(id, "at", day, price, name, small)
                ) to '{path}' (format parquet)
                """);
        }
        var source = bench.Map(new { type = "parquet" }, columns);
        var outputs = await bench.IngestAsync(source, path);

        (outputs.RowsKept, outputs.RowsRejected).ShouldBe((1L, 1L));
        (await bench.QueryAsync(source, "select id, \"at\", day, price, name, small, _file, _line from {bronze}")).Single().ShouldBe(
            [1L, new DateTime(2020, 1, 1, 10, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560), new DateOnly(2020, 1, 1), 2.5, "", (short)7, "rows.parquet", 1L]);
        (await bench.QueryAsync(source, "select line, column_name, raw from {rejects}")).Single().ShouldBe([2L, "small", "2,,,,,70000"]);
    }

    [Fact]
    public async Task Lists_and_structs_of_Parquet_become_the_JSON_they_are_in_JSON_lines()
    {
        var path = Path.Combine(bench.Home, "nested.parquet");
        using (var duck = DuckDbConnection.Open(new DuckDbOptions()))
            duck.Execute($"copy (select ['a', null] as tags, {{'city': 'Zürich', 'zip': 8001}} as address, map {{'k': 1}} as counts union all select null, null, null) to '{path}' (format parquet)");
        var source = bench.Map(new { type = "parquet" }, new object[] { new { name = "tags", type = "varchar" }, new { name = "address", type = "varchar" }, new { name = "counts", type = "varchar" } });
        await bench.IngestAsync(source, path);

        (await bench.QueryAsync(source, "select tags, address, counts from {bronze} order by _line")).ShouldBe(
            [["""["a",null]""", """{"city":"Zürich","zip":8001}""", """{"k":1}"""], [null, null, null]]);
    }

    [Theory]
    [InlineData("24MB", false)]
    [InlineData("1GB", true)]
    public async Task A_Parquet_file_is_read_with_the_memory_that_DuckDB_is_allowed(string memory, bool isEnough)
    {
        var path = Path.Combine(bench.Home, "wide.parquet");
        using (var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "1GB" }))
            duck.Execute($"copy (select 1 as id, repeat('x', 40_000_000) as name) to '{path}' (format parquet)");
        bench.Options = bench.Options with { DuckDbMemoryLimit = memory };
        var reading = bench.IngestAsync(bench.Map(new { type = "parquet" }, Columns), path);

        if (isEnough)
        {
            (await reading).RowsKept.ShouldBe(1);
            return;
        }
        var error = await Should.ThrowAsync<TaskFailedException>(() => reading);
        error.Cause.ShouldBe(FailureCause.OutOfMemory);
        error.Message.ShouldStartWith("wide.parquet needs more memory to be read: Out of Memory Error");
        error.Message.ShouldContain("Allow DuckDB more memory with ECOM_DUCKDB_MEMORY");
        Should.Throw<TaskFailedException>(() => FileReading.Read(path, bench.Home, memory, CancellationToken.None)).Message.ShouldContain("Out of Memory Error");
    }

    [Fact]
    public async Task What_is_no_Parquet_file_says_so()
    {
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { type = "parquet" }, Columns), bench.WriteFile("rows.parquet", "id,name\n1,a\n")));
        error.Message.ShouldContain("rows.parquet is no Parquet file, or damaged");
        error.Retryable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_glob_over_folders_tells_files_of_the_same_name_apart()
    {
        bench.WriteFile("in/2020/a.csv", "id,name\n1,x\n");
        bench.WriteFile("in/2021/deep/a.csv", "id,name\n1,x\n");
        bench.WriteFile("in/2021/b.txt", "id,name\n3,x\n");
        var source = bench.Map(new { }, Columns, location: "in/**/*.csv");
        await bench.IngestAsync(source);
        (await bench.QueryAsync(source, "select _file from {bronze} order by 1")).Select(row => row[0]).ShouldBe(["2020/a.csv", "2021/deep/a.csv"]);
    }

    [Fact]
    public async Task Rows_name_the_run_that_read_them_and_raw_files_cannot_be_written()
    {
        var source = bench.Map(new { }, Columns);
        var outputs = await bench.IngestAsync(source, bench.WriteFile("rows.csv", "id,name\n1,a\n"));
        var snapshot = await bench.Lake.GetAsync(outputs.SnapshotId, CancellationToken.None);
        (await bench.QueryAsync(source, "select _run from {bronze}")).Single().ShouldBe([snapshot!.RunId]);
        snapshot.Columns.Select(column => column.Name).ShouldBe(["id", "name", "_file", "_line", "_run"]);
        File.GetUnixFileMode(bench.Lake.Absolute(outputs.RawFiles.Single())).HasFlag(UnixFileMode.UserWrite).ShouldBeFalse();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private string Zip(params (string Name, string Text)[] files)
    {
        var path = Path.Combine(bench.Home, "rows.zip");
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, text) in files)
        {
            using var entry = archive.CreateEntry(name).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
        return path;
    }

    /// <summary>Packed by DuckDB, which has an encoder of its own.</summary>
    private byte[] Zstd(byte[] bytes)
    {
        var (plain, packed) = (Path.Combine(bench.Home, "plain"), Path.Combine(bench.Home, "packed.csv.zst"));
        File.WriteAllBytes(plain, bytes);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true });
        duck.Execute(
            $"copy (select line from read_csv('{plain}', columns = {{'line': 'varchar'}}, delim = '\x01', quote = '', escape = '', header = false, auto_detect = false)) to '{packed}' (format csv, header false, delimiter '\x01', quote '', escape '', compression zstd)");
        return File.ReadAllBytes(packed);
    }
}
