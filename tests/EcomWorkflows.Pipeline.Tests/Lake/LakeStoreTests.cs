using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Ingestion;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake;

public sealed class LakeStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly IReadOnlyList<LakeColumn> Columns = [new("x", "BIGINT")];
    private readonly LakeTableName table = new("silver", $"s{Guid.NewGuid():N}", "events");
    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task A_published_snapshot_is_found_with_its_files_and_read_by_its_scan()
    {
        var context = bench.Context();
        var snapshot = await PublishAsync(context, rows: 10);
        var found = (await bench.Lake.FindAsync(table, context, CancellationToken.None)).ShouldNotBeNull();

        found.SnapshotId.ShouldBe(snapshot.SnapshotId);
        found.Rows.ShouldBe(10);
        found.Columns.ShouldBe(Columns);
        found.Files.Single().Sha256.Length.ShouldBe(64);
        found.Files.Single().Path.ShouldBe($"silver/{table.Source}/events/attempt={context.Attempt.AttemptId}/part-0.parquet");
        Sum(found).ShouldBe(45);
        table.ToString().ShouldBe($"silver.{table.Source}.events");
    }

    [Fact]
    public async Task A_later_publish_replaces_the_content_and_the_earlier_one_stays_readable()
    {
        var first = await PublishAsync(bench.Context(), rows: 10);
        var second = await PublishAsync(bench.Context(), rows: 3);

        (await bench.Lake.CurrentAsync(table, CancellationToken.None))!.SnapshotId.ShouldBe(second.SnapshotId);
        Sum((await bench.Lake.GetAsync(first.SnapshotId, CancellationToken.None))!).ShouldBe(45);
        (await bench.Lake.HistoryAsync(table, CancellationToken.None)).Select(s => s.SnapshotId).ShouldBe([second.SnapshotId, first.SnapshotId]);
        (await bench.Lake.TablesAsync(CancellationToken.None)).ShouldContain(table);
    }

    [Fact]
    public async Task A_run_reads_what_it_published_itself_whatever_came_after()
    {
        var mine = bench.Context();
        var own = await PublishAsync(mine, rows: 10);
        await PublishAsync(bench.Context(), rows: 3);

        (await bench.Lake.FindAsync(table, mine, CancellationToken.None))!.SnapshotId.ShouldBe(own.SnapshotId);
        (await bench.Lake.RequireAsync(table, bench.Context(mine.Attempt.RunId), CancellationToken.None)).SnapshotId.ShouldBe(own.SnapshotId);
    }

    [Fact]
    public async Task What_a_run_without_a_schedule_publishes_is_current_until_a_scheduled_one_publishes_again()
    {
        var daily = await PublishAsync(bench.Context(), rows: 10);
        var byHand = await PublishAsync(bench.Context(moment: daily.DataIntervalEnd.AddHours(14)), rows: 5);
        (await bench.Lake.CurrentAsync(table, CancellationToken.None))!.SnapshotId.ShouldBe(byHand.SnapshotId);

        var again = await PublishAsync(bench.Context(), rows: 11);

        (await bench.Lake.CurrentAsync(table, CancellationToken.None))!.SnapshotId.ShouldBe(again.SnapshotId);
        (byHand.DataIntervalStart, byHand.DataIntervalEnd).ShouldBe((daily.DataIntervalStart, daily.DataIntervalEnd));
    }

    [Fact]
    public async Task Where_no_schedule_publishes_the_latest_moment_is_current()
    {
        var noon = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var later = await PublishAsync(bench.Context(moment: noon.AddHours(1)), rows: 10);
        var earlier = await PublishAsync(bench.Context(moment: noon), rows: 5);

        (await bench.Lake.CurrentAsync(table, CancellationToken.None))!.SnapshotId.ShouldBe(later.SnapshotId);
        earlier.DataIntervalEnd.ShouldBe(noon);
    }

    [Fact]
    public void A_file_that_is_gone_when_its_age_is_asked_is_no_garbage() =>
        LakeContents.IsOld(new FileInfo(Path.Combine(bench.Options.LakeFolder, "gone.part")), TimeProvider.System.GetUtcNow()).ShouldBeFalse();

    [Fact]
    public async Task Files_of_an_earlier_snapshot_can_be_named_again()
    {
        var first = await PublishAsync(bench.Context(), rows: 10);
        var context = bench.Context();
        LakeSnapshot? both = null;
        var added = await WriteAsync(context, rows: 3);
        await context.PublishAsync(
            async (scope, token) => both = await bench.Lake.PublishAsync(scope, context, table, [.. first.Files, added], Columns, token), CancellationToken.None);

        both!.Rows.ShouldBe(13);
        Sum(both).ShouldBe(48);
    }

    [Fact]
    public async Task A_fenced_publish_is_invisible_and_its_file_is_swept_once_old_enough()
    {
        var kept = await PublishAsync(bench.Context(), rows: 10);
        bench.Fenced = true;
        var late = bench.Context();
        await Should.ThrowAsync<AttemptFencedException>(() => PublishAsync(late, rows: 3));
        var path = bench.Lake.NewFile(late, table);

        (await bench.Lake.CurrentAsync(table, CancellationToken.None))!.SnapshotId.ShouldBe(kept.SnapshotId);
        (await bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(1), dryRun: false, CancellationToken.None)).ShouldBeEmpty();
        (await bench.Lake.CollectGarbageAsync(TimeSpan.FromSeconds(-1), dryRun: true, CancellationToken.None)).Count.ShouldBe(1);
        File.Exists(path).ShouldBeTrue();
        (await bench.Lake.CollectGarbageAsync(TimeSpan.FromSeconds(-1), dryRun: false, CancellationToken.None)).Single().Bytes.ShouldBeGreaterThan(0);
        File.Exists(path).ShouldBeFalse();
        Sum(kept).ShouldBe(45);
    }

    [Fact]
    public async Task A_table_without_files_is_read_as_an_empty_relation_with_its_columns()
    {
        var context = bench.Context();
        LakeSnapshot? empty = null;
        await context.PublishAsync(
            async (scope, token) => empty = await bench.Lake.PublishAsync(scope, context, table, [], [new("odd \"name", "VARCHAR"), new("t", "TIMESTAMP")], token),
            CancellationToken.None);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        using var reader = duck.Query($"select * from {bench.Lake.Scan(empty!)}");

        reader.GetName(0).ShouldBe("odd \"name");
        reader.GetFieldType(1).ShouldBe(DuckDbType.Timestamp);
        reader.Read().ShouldBeFalse();
    }

    [Fact]
    public async Task A_table_that_was_never_published_names_itself_and_the_task_that_needs_it()
    {
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.Lake.RequireAsync(table, bench.Context(), CancellationToken.None));

        error.Message.ShouldContain($"{table} has never been published");
        error.Message.ShouldContain("ingest_events");
        (await bench.Lake.FindAsync(table, bench.Context(), CancellationToken.None)).ShouldBeNull();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private async Task<LakeFile> WriteAsync(TaskContext context, int rows)
    {
        var path = bench.Lake.NewFile(context, table);
        using (var duck = DuckDbConnection.Open(new DuckDbOptions()))
            duck.Execute($"copy (select range as x from range({rows})) to {DuckDbSql.Literal(path)} (format parquet)");
        var file = await bench.Lake.DescribeAsync(path, CancellationToken.None);
        file.Rows.ShouldBe(rows);
        file.Bytes.ShouldBe(new FileInfo(path).Length);
        return file;
    }

    private async Task<LakeSnapshot> PublishAsync(TaskContext context, int rows)
    {
        var file = await WriteAsync(context, rows);
        LakeSnapshot? snapshot = null;
        await context.PublishAsync(
            async (scope, token) => snapshot = await bench.Lake.PublishAsync(scope, context, table, [file], Columns, token), CancellationToken.None);
        return snapshot!;
    }

    private long Sum(LakeSnapshot snapshot)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        return duck.Scalar<long>($"select sum(x) from {bench.Lake.Scan(snapshot)}");
    }
}
