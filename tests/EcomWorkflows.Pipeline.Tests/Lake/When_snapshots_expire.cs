using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Ingestion;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake;

public sealed class When_snapshots_expire(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly LakeRetention KeepTwo = new(TimeSpan.Zero, Keep: 2);

    private IngestionBench bench = null!;
    private string source = "";

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        source = bench.Map(new { }, new[] { new { name = "id", type = "bigint" } });
        for (var version = 1; version <= 4; version++)
            await bench.IngestAsync(source, bench.WriteFile("in.csv", $"id\n{version}\n"));
    }

    [Fact]
    public async Task The_newest_stay_their_files_too_and_raw_files_always()
    {
        var planned = await bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(-1), KeepTwo, dryRun: true, CancellationToken.None);
        (await HistoryAsync()).Count.ShouldBe(4);
        var done = await bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(-1), KeepTwo, dryRun: false, CancellationToken.None);

        // Of bronze and rejects, two each; tables of other tests may be there, too.
        done.Snapshots.ShouldBeGreaterThanOrEqualTo(4);
        done.Snapshots.ShouldBe(planned.Snapshots);
        done.Files.Select(file => file.Path).ShouldBe(planned.Files.Select(file => file.Path), ignoreOrder: true);
        var kept = await HistoryAsync();
        kept.Count.ShouldBe(2);
        kept.SelectMany(snapshot => snapshot.Files).ShouldAllBe(file => File.Exists(bench.Lake.Absolute(file.Path)));
        Directory.GetFiles(Path.Combine(bench.Options.LakeFolder, "raw"), "*", SearchOption.AllDirectories).Length.ShouldBe(4);
        (await bench.QueryAsync(source, "select id from {bronze}")).Single().ShouldBe([4L]);
    }

    [Fact]
    public async Task An_attempt_that_goes_on_from_a_file_whose_last_snapshot_expires_meanwhile_is_tried_again()
    {
        var found = (await HistoryAsync())[^1];
        await bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(-1), KeepTwo, dryRun: false, CancellationToken.None);
        var context = bench.Context();

        var failure = await Should.ThrowAsync<TaskFailedException>(() => context.PublishAsync(
            (scope, token) => bench.Lake.PublishAsync(scope, context, found.Table, found.Files, found.Columns, token), CancellationToken.None));

        failure.Message.ShouldContain($"{found.Files.Single().Path} expired");
        failure.Retryable.ShouldBeTrue();
        (await HistoryAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_somebody_holds_stays()
    {
        var oldest = (await HistoryAsync())[^1].SnapshotId;
        var lake = new LakeStore(postgres.DataSource, bench.Options, TimeProvider.System, holders: [new Holder(oldest)]);

        await lake.CollectGarbageAsync(TimeSpan.FromHours(-1), KeepTwo, dryRun: false, CancellationToken.None);

        var kept = await HistoryAsync();
        kept.Select(snapshot => snapshot.SnapshotId).ShouldContain(oldest);
        kept.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Young_snapshots_stay_whatever_their_number()
    {
        (await bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(-1), new LakeRetention(TimeSpan.FromDays(1), Keep: 1), dryRun: false, CancellationToken.None)).Snapshots.ShouldBe(0);
        (await HistoryAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Every_table_is_summed_up_by_its_current_content()
    {
        var table = (await bench.Lake.SummariesAsync(CancellationToken.None)).Single(one => one.Name == $"bronze.{source}.events");
        (table.Snapshots, table.Rows, table.Files).ShouldBe((4L, 1L, 1L));
        table.SnapshotId.ShouldBe((await HistoryAsync())[0].SnapshotId);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private Task<IReadOnlyList<LakeSnapshot>> HistoryAsync() => bench.Lake.HistoryAsync(new("bronze", source, "events"), CancellationToken.None);

    private sealed class Holder(long snapshotId) : ISnapshotHolder
    {
        public Task<IReadOnlyCollection<long>> HeldAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<long>>([snapshotId]);
    }
}
