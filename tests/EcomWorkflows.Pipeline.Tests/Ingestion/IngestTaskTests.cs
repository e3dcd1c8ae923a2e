using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class IngestTaskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns = [new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }];
    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task The_raw_file_is_kept_byte_by_byte_with_its_hash()
    {
        var source = bench.Map(new { }, Columns);
        var path = bench.WriteFile("in.csv", "id,name\n1,a\n");
        var outputs = await bench.IngestAsync(source, path);

        var raw = outputs.RawFiles.Single();
        raw.ShouldStartWith($"raw/source={source}/type=events/date=");
        Path.GetFileName(raw).ShouldBe("in.csv");
        (await File.ReadAllBytesAsync(bench.Lake.Absolute(raw))).ShouldBe(await File.ReadAllBytesAsync(path));
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path)));
        var found = await bench.Lake.FindRawAsync(source, "events", hash, CancellationToken.None);
        found.ShouldNotBeNull().Original.ShouldBe(path);
    }

    [Fact]
    public async Task The_same_bytes_again_are_neither_copied_nor_read_again()
    {
        var source = bench.Map(new { }, Columns);
        var path = bench.WriteFile("in.csv", "id,name\n1,a\nx,b\n");
        var first = await bench.IngestAsync(source, path);
        var second = await bench.IngestAsync(source, path);

        second.RawFiles.ShouldBe(first.RawFiles);
        (second.RowsRead, second.RowsKept, second.RowsRejected).ShouldBe((2L, 1L, 1L));
        second.SnapshotId.ShouldNotBe(first.SnapshotId);
        var files = async (long id) => (await bench.Lake.GetAsync(id, CancellationToken.None))!.Files;
        (await files(second.SnapshotId)).ShouldBe(await files(first.SnapshotId));
    }

    [Fact]
    public async Task Other_bytes_of_the_same_length_are_another_file()
    {
        var source = bench.Map(new { }, Columns);
        var first = await bench.IngestAsync(source, bench.WriteFile("in.csv", "id,name\n1,a\n"));
        var second = await bench.IngestAsync(source, bench.WriteFile("in.csv", "id,name\n2,b\n"));

        second.RawFiles.Single().ShouldNotBe(first.RawFiles.Single());
        (await bench.QueryAsync(source, "select id, name from {bronze}")).Single().ShouldBe([2L, "b"]);
        (await File.ReadAllTextAsync(bench.Lake.Absolute(first.RawFiles.Single()))).ShouldBe("id,name\n1,a\n");
    }

    [Fact]
    public async Task A_file_that_is_still_being_written_is_refused_and_leaves_nothing_in_the_lake()
    {
        var source = bench.Map(new { }, Columns);
        var path = bench.WriteFile("in.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 500_000).Select(row => $"{row},a\n")));
        using var ended = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            while (!ended.IsCancellationRequested)
                File.AppendAllText(path, "1,a\n");
        });

        var failure = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, path));
        await ended.CancelAsync();
        await writing;

        failure.Message.ShouldContain("in.csv changed while it was being read");
        failure.Retryable.ShouldBeTrue();
        Directory.EnumerateFiles(Path.Combine(bench.Home, "lake", "raw"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await bench.IngestAsync(source, path)).RowsKept.ShouldBeGreaterThan(500_000);
    }

    [Fact]
    public async Task A_changed_file_and_a_changed_mapping_are_read_anew()
    {
        var source = bench.Map(new { }, Columns);
        var path = bench.WriteFile("in.csv", "id,name\n1,a\n");
        await bench.IngestAsync(source, path);
        bench.WriteFile("in.csv", "id,name\n1,a\n2,b\n");
        (await bench.IngestAsync(source, path)).RowsKept.ShouldBe(2);

        var mapping = Path.Combine(bench.Home, "workflows", "sources", $"{source}.json");
        await File.WriteAllTextAsync(mapping, (await File.ReadAllTextAsync(mapping)).Replace("\"bigint\"", "\"varchar\"", StringComparison.Ordinal));
        await bench.IngestAsync(source, path);
        (await bench.QueryAsync(source, "select distinct typeof(id) from {bronze}")).Single().ShouldBe(["VARCHAR"]);
    }

    [Fact]
    public async Task All_files_of_a_pattern_become_one_table()
    {
        var source = bench.Map(new { }, Columns, location: "in/part-*.csv");
        bench.WriteFile("in/part-1.csv", "id,name\n1,a\n");
        bench.WriteFile("in/part-2.csv.gz", "id,name\n9,ignored\n");
        bench.WriteFile("in/part-2.csv", "id,name\n2,b\nbad,c\n");
        bench.WriteFile("in/other.csv", "id,name\n3,c\n");
        var outputs = await bench.IngestAsync(source);

        outputs.RawFiles.Select(Path.GetFileName).ShouldBe(["part-1.csv", "part-2.csv"]);
        (await bench.QueryAsync(source, "select _file, _line, id from {bronze} order by 1")).ShouldBe([["part-1.csv", 2L, 1L], ["part-2.csv", 2L, 2L]]);
        (await bench.QueryAsync(source, "select file, line from {rejects}")).Single().ShouldBe(["part-2.csv", 3L]);
    }

    [Fact]
    public async Task Two_files_with_the_same_bytes_keep_their_own_names()
    {
        var source = bench.Map(new { }, Columns, location: "in/*.csv");
        bench.WriteFile("in/a.csv", "id,name\n1,a\n");
        bench.WriteFile("in/b.csv", "id,name\n1,a\n");
        (await bench.IngestAsync(source)).RowsKept.ShouldBe(2);

        (await bench.QueryAsync(source, "select _file from {bronze} order by 1")).Select(row => row[0]).ShouldBe(["a.csv", "b.csv"]);
    }

    [Fact]
    public async Task Rows_and_rejects_of_files_that_are_read_together_stay_apart()
    {
        var source = bench.Map(new { }, Columns, location: "in/*.csv");
        foreach (var file in new[] { "a", "b", "c" })
            bench.WriteFile($"in/{file}.csv", $"id,name\n1,{file}\nx,{file}\n2,{file}\n{(file == "b" ? "y,b\n" : "")}");

        var outputs = await bench.IngestAsync(source);

        (outputs.RowsKept, outputs.RowsRejected, outputs.RawFileCount).ShouldBe((6L, 4L, 3));
        (await bench.QueryAsync(source, "select _file, name, count(*) from {bronze} group by all order by all")).ShouldBe([["a.csv", "a", 2L], ["b.csv", "b", 2L], ["c.csv", "c", 2L]]);
        (await bench.QueryAsync(source, "select file, line from {rejects} order by all")).ShouldBe([["a.csv", 3L], ["b.csv", 3L], ["b.csv", 5L], ["c.csv", 3L]]);
    }

    [Fact]
    public async Task An_entity_the_source_does_not_have_is_an_empty_table()
    {
        var source = bench.Map(new { }, Columns, kind: "none");
        var outputs = await bench.IngestAsync(source);

        outputs.RowsRead.ShouldBe(0);
        (await bench.QueryAsync(source, "select id, name, _file, _line from {bronze}")).ShouldBeEmpty();
        (await bench.QueryAsync(source, "select file, line, rule from {rejects}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fenced_attempt_leaves_the_table_as_it_was_and_its_files_are_garbage()
    {
        var source = bench.Map(new { }, Columns);
        await bench.IngestAsync(source, bench.WriteFile("in.csv", "id,name\n1,a\n"));
        bench.Fenced = true;
        await Should.ThrowAsync<AttemptFencedException>(() => bench.IngestAsync(source, bench.WriteFile("in2.csv", "id,name\n1,a\n2,b\n")));
        bench.Fenced = false;

        (await bench.QueryAsync(source, "select count(*) from {bronze}")).Single().ShouldBe([1L]);
        var garbage = await bench.Lake.CollectGarbageAsync(TimeSpan.FromSeconds(-1), retention: null, dryRun: true, CancellationToken.None);
        // While it is the same day, another try lands the raw file in the same place.
        Path.GetFileName(garbage.InUse.ShouldHaveSingleItem().Path).ShouldBe("in2.csv");
        garbage.Files.Count(file => file.Path.EndsWith(".parquet", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_cancelled_attempt_stops_in_the_middle_of_a_file()
    {
        var source = bench.Map(new { }, Columns);
        var path = bench.WriteFile("in.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 200_000).Select(row => $"{row},x\n")));
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => bench.IngestAsync(source, path, cancellationToken: cancel.Token));
    }

    [SmallDiskFact]
    public async Task A_full_disk_is_the_stated_cause_and_with_room_again_the_same_rows_come_in()
    {
        using var disk = new SmallDisk(8);
        using var small = await IngestionBench.CreateAsync(postgres, Directory.CreateDirectory(Path.Combine(disk.Folder, "home")).FullName);
        var source = small.Map(new { }, Columns);
        var path = bench.WriteFile("in.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(row => $"{row},{row * 7919L}\n")));
        disk.Fill();

        FullDisk.IsReason(await Should.ThrowAsync<Exception>(() => small.IngestAsync(source, path))).ShouldBeTrue();
        disk.Free();
        (await small.IngestAsync(source, path)).RowsKept.ShouldBe(50_000);

        (await small.QueryAsync(source, "select count(*), sum(id)::bigint from {bronze}")).Single().ShouldBe([50_000L, 1_249_975_000L]);
        Directory.EnumerateFiles(Path.Combine(small.Home, "lake", "raw"), "*.part", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_types_are_read_as_declared()
    {
        var source = bench.Map(
            new { timestamp = new[] { "%Y-%m-%d %H:%M:%S", "%d.%m.%Y" }, date = "%d.%m.%Y", nulls = new[] { "", "NULL", "n/a" } },
            new[]
            {
                new { name = "b", type = "boolean" }, new { name = "s", type = "smallint" }, new { name = "i", type = "integer" }, new { name = "d", type = "date" },
                new { name = "t", type = "timestamp" }, new { name = "m", type = "decimal(6,2)" }, new { name = "x", type = "double" }, new { name = "v", type = "varchar" },
            });
        var path = bench.WriteFile("in.csv", "b,s,i,d,t,m,x,v\nYes, 7 ,-8,24.12.2020,01.02.2021,1234.5,-1e-3,\" kept \"\nNULL,n/a,,,,,,\n1,40000,3000000000,2020-01-01,x,12345.678,NaN,ok\n");
        await bench.IngestAsync(source, path);

        var rows = await bench.QueryAsync(source, "select b, s, i, d, t, m, x, v from {bronze} order by _line");
        rows[0].ShouldBe([true, (short)7, -8, new DateOnly(2020, 12, 24), new DateTime(2021, 2, 1, 0, 0, 0, DateTimeKind.Utc), 1234.50m, -0.001, " kept "]);
        rows[1].ShouldBe(new object?[8]);
        (await bench.QueryAsync(source, "select string_agg(column_name, ',' order by column_name) from {rejects} where line = 4")).Single().ShouldBe(["d,i,m,s,t,x"]);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();
}
