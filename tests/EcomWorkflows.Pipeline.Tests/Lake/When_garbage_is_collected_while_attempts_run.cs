using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Tests.Ingestion;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake;

/// <summary>Files of any age are asked for, a day from now, so that the folder of the day protects no raw file any more.</summary>
public sealed class When_garbage_is_collected_while_attempts_run(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private readonly LakeTableName table = new("silver", $"s{Guid.NewGuid():N}", "events");
    private IngestionBench bench = null!;

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        await new Migrator(postgres.DataSource, [new MigrationSet("orchestration", typeof(OpenAttempts).Assembly, "EcomWorkflows.Orchestration.Storage.Migrations.", 0)])
            .ApplyAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("running")]
    [InlineData("waiting")]
    public async Task What_an_attempt_that_has_not_ended_has_written_stays_and_is_published(string state)
    {
        var context = bench.Context();
        var path = bench.Lake.NewFile(context, table);
        await File.WriteAllTextAsync(path, "rows");
        await BeginAsync(context, state);

        var found = await CollectAsync();
        var file = await bench.Lake.DescribeAsync(path, CancellationToken.None, rows: 1);
        await context.PublishAsync((scope, token) => bench.Lake.PublishAsync(scope, context, table, [file], [], token), CancellationToken.None);

        found.Files.ShouldBeEmpty();
        found.InUse.Single().Path.ShouldBe(file.Path);
        File.Exists(path).ShouldBeTrue();
    }

    [Theory]
    [InlineData("success")]
    [InlineData("failed")]
    [InlineData("fenced")]
    public async Task What_an_attempt_that_has_ended_has_not_published_goes(string state)
    {
        var context = bench.Context();
        var path = bench.Lake.NewFile(context, table);
        await File.WriteAllTextAsync(path, "rows");
        await BeginAsync(context, state);

        (await CollectAsync()).InUse.ShouldBeEmpty();

        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_running_attempt_has_landed_stays_and_what_nobody_runs_for_any_more_goes()
    {
        var source = bench.Map(new { }, new[] { new { name = "id", type = "bigint" } });
        var context = bench.Context();
        var raw = await new RawLanding(bench.Lake).LandAsync(source, "events", bench.WriteFile("in.csv", "id\n1\n"), "in.csv", context, CancellationToken.None);
        var half = Path.Combine(bench.Options.LakeFolder, Path.GetDirectoryName(raw.File.Path)!, "..", $"in.csv.{context.Attempt.AttemptId}.part");
        await File.WriteAllTextAsync(half, "id");
        await BeginAsync(context, "running");

        (await CollectAsync()).InUse.Count.ShouldBe(2);
        await SetAsync("update orchestration.task_attempt set state = 'failed', ended_at = now()");
        (await CollectAsync()).Files.Count.ShouldBe(2);

        File.Exists(bench.Lake.Absolute(raw.File.Path)).ShouldBeFalse();
        File.Exists(half).ShouldBeFalse();
    }

    [Fact]
    public async Task A_raw_file_that_is_landed_again_while_its_garbage_is_looked_at_stays()
    {
        var source = bench.Map(new { }, new[] { new { name = "id", type = "bigint" } });
        var delivered = bench.WriteFile("in.csv", "id\n1\n");
        bench.Fenced = true;
        await Should.ThrowAsync<AttemptFencedException>(() => bench.IngestAsync(source, delivered));
        bench.Fenced = false;
        var context = bench.Context();
        var raw = await new RawLanding(bench.Lake).LandAsync(source, "events", delivered, delivered, context, CancellationToken.None);

        // Everything the collection asks and does falls between the publishing and its commit, and it knows of no attempt.
        await context.PublishAsync(
            async (scope, token) =>
            {
                await bench.Lake.RegisterRawAsync(scope, raw.File, token);
                await bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(-1), dryRun: false, token);
            },
            CancellationToken.None);

        (await bench.Lake.FindRawAsync(source, "events", raw.File.Sha256, CancellationToken.None)).ShouldNotBeNull();
    }

    public Task DisposeAsync() => SetAsync("delete from orchestration.task_attempt");

    public void Dispose() => bench.Dispose();

    private Task<LakeGarbage> CollectAsync() => new LakeStore(postgres.DataSource, bench.Options, new Tomorrow(), attempts: new OpenAttempts(postgres.DataSource))
        .CollectGarbageAsync(TimeSpan.Zero, retention: null, dryRun: false, CancellationToken.None);

    /// <summary>Puts the attempt into the orchestrator's table, without the run and the node it refers to: only its state matters here.</summary>
    private Task BeginAsync(TaskContext context, string state) => SetAsync(
        $"""
        set session_replication_role = replica;
        insert into orchestration.task_attempt (attempt_id, task_instance_id, run_id, try_number, node_id, state, ended_at)
        overriding system value
        values ({context.Attempt.AttemptId}, 1, 1, 1, gen_random_uuid(), '{state}', {(state is "running" or "waiting" ? "null" : "now()")});
        reset session_replication_role;
        """);

    private async Task SetAsync(string sql)
    {
        await using var command = postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1.1);
    }
}
