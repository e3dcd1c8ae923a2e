using System.Diagnostics;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class RealDataTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const string OnlineRetail = "online-retail-part1.csv.gz";
    private const string Latin1 = "online-retail-latin1-fixture.csv.gz";
    private const string Synthetic = "synthetic-rr-shaped-events-part1.csv.gz";
    private const string Sample = "retailrocket-sample-events-part1.csv.gz";

    [SharedDataFact(OnlineRetail)]
    public async Task Online_Retail_arrives_whole_and_typed_from_its_gzip_file()
    {
        using var bench = await IngestionBench.CreateAsync(postgres);
        var source = bench.UseMapping("online-retail");
        var outputs = await bench.IngestAsync(source, SharedData.Path(OnlineRetail));

        outputs.RowsRead.ShouldBe(370_931);
        outputs.RowsKept.ShouldBe(370_931);
        outputs.RowsRejected.ShouldBe(0);
        (await bench.QueryAsync(
            source,
            """
            select count(*), count(*) filter (CustomerID is null), count(*) filter (Description is null), count(*) filter (InvoiceNo like 'C%'),
                   count(*) filter (Quantity <= 0), count(*) filter (UnitPrice < 0), count(*) filter (UnitPrice = 0),
                   count(distinct InvoiceNo), count(distinct StockCode), count(distinct CustomerID), count(distinct Country),
                   round(sum(Quantity * UnitPrice), 2), min(InvoiceDate), max(InvoiceDate), count(*) filter (Description like '%£%'),
                   min(_line), max(_line), count(distinct _line), any_value(_file)
            from {bronze}
            """)).Single().ShouldBe(
        [
            370_931L, 98_056L, 1_260L, 6_652L, 7_675L, 2L, 1_957L, 18_786L, 3_887L, 3_658L, 37L,
            6_781_619.00, new DateTime(2010, 12, 1, 8, 26, 0, DateTimeKind.Utc), new DateTime(2011, 9, 30, 17, 22, 0, DateTimeKind.Utc), 30L,
            2L, 370_932L, 370_931L, OnlineRetail,
        ]);
    }

    [SharedDataFact(Latin1)]
    public async Task The_Latin_1_export_is_read_with_its_own_dates_and_line_ends()
    {
        using var bench = await IngestionBench.CreateAsync(postgres);
        var source = bench.Map(new { encoding = "latin-1", timestamp = "%m/%d/%Y %H:%M" }, OnlineRetailColumns());
        var outputs = await bench.IngestAsync(source, SharedData.Path(Latin1));

        outputs.RowsKept.ShouldBe(2_030);
        outputs.RowsRejected.ShouldBe(0);
        var row = (await bench.QueryAsync(
            source,
            """
            select min(InvoiceDate), count(*) filter (Description like '%£%'), count(*) filter (Description like '%' || chr(65533) || '%'),
                   count(*) filter (Country like '%' || chr(13))
            from {bronze}
            """)).Single();
        row[0].ShouldBe(new DateTime(2010, 12, 1, 8, 26, 0, DateTimeKind.Utc));
        ((long)row[1]!).ShouldBeGreaterThan(0);
        row[2].ShouldBe(0L);
        row[3].ShouldBe(0L);
    }

    [SharedDataFact(Latin1)]
    public async Task The_Latin_1_export_read_as_UTF_8_loses_only_the_rows_that_are_none()
    {
        using var bench = await IngestionBench.CreateAsync(postgres);
        var source = bench.Map(new { timestamp = "%m/%d/%Y %H:%M" }, OnlineRetailColumns());
        var outputs = await bench.IngestAsync(source, SharedData.Path(Latin1));

        outputs.RowsRead.ShouldBe(2_030);
        outputs.RowsRejected.ShouldBeGreaterThan(0);
        outputs.RowsRejected.ShouldBeLessThan(100);
        (await bench.QueryAsync(source, "select distinct rule, column_name from {rejects}")).Single().ShouldBe(["parse_encoding", "Description"]);
    }

    [SharedDataFact(Synthetic)]
    public async Task Two_million_events_are_copied_hashed_and_typed()
    {
        using var bench = await IngestionBench.CreateAsync(postgres);
        var source = bench.UseMapping("retailrocket");
        var watch = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var outputs = await bench.IngestAsync(source, SharedData.Path(Synthetic));
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s, {(Environment.CpuUsage.TotalTime - processor).TotalSeconds:0.00} s of processors, process peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");

        outputs.RowsRead.ShouldBe(2_247_922);
        outputs.RowsRejected.ShouldBe(0);
        (await bench.QueryAsync(
            source,
            """
            select count(*), count(distinct visitorid), count(distinct itemid), count(*) filter (event = 'view'),
                   count(*) filter (event = 'addtocart'), count(*) filter (event = 'transaction'), count(distinct transactionid), max(_line)
            from {bronze}
            """)).Single().ShouldBe([2_247_922L, 1_197_405L, 232_022L, 2_177_270L, 53_757L, 16_895L, 13_355L, 2_247_923L]);
    }

    [SharedDataFact(Sample)]
    public async Task The_lines_of_bronze_rows_are_those_of_the_file()
    {
        using var bench = await IngestionBench.CreateAsync(postgres);
        var source = bench.UseMapping("retailrocket");
        (await bench.IngestAsync(source, SharedData.Path(Sample))).RowsRead.ShouldBe(7_686);

        using var gzip = new System.IO.Compression.GZipStream(File.OpenRead(SharedData.Path(Sample)), System.IO.Compression.CompressionMode.Decompress);
        using var text = new StreamReader(gzip);
        var lines = (await text.ReadToEndAsync()).Split('\n');
        foreach (var row in await bench.QueryAsync(source, "select _line, timestamp, visitorid from {bronze}"))
            lines[(long)row[0]! - 1].ShouldStartWith($"{row[1]},{row[2]},");
    }

    private static object[] OnlineRetailColumns() =>
    [
        new { name = "InvoiceNo", type = "varchar" }, new { name = "StockCode", type = "varchar" }, new { name = "Description", type = "varchar" },
        new { name = "Quantity", type = "bigint" }, new { name = "InvoiceDate", type = "timestamp" }, new { name = "UnitPrice", type = "double" },
        new { name = "CustomerID", type = "bigint" }, new { name = "Country", type = "varchar" },
    ];
}
