using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Ingestion.Retention;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

/// <summary>A source of which two versions of a file came; the mapping keeps raw files 30 days, and 40 have passed.</summary>
public sealed class When_raw_files_grow_old(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns = [new { name = "id", type = "bigint" }, new { name = "source", type = "varchar" }];

    private IngestionBench bench = null!;

    public async Task InitializeAsync() => bench = await IngestionBench.CreateAsync(postgres);

    [Fact]
    public async Task What_nothing_needs_goes_and_the_rest_is_named_with_what_needs_it()
    {
        var (source, old, current) = await IngestTwiceAsync(keepRawDays: 30);

        var before = await ApplyAsync(source, days: 40, dryRun: false);
        before.ShouldAllBe(file => !file.Goes && file.NeededBy.Contains($"bronze.{source}.events (1 snapshot)"));
        await ExpireSnapshotsAsync();
        var planned = await ApplyAsync(source, days: 40, dryRun: true);
        (Exists(old), Exists(current)).ShouldBe((true, true));
        var done = await ApplyAsync(source, days: 40, dryRun: false);

        done.Select(file => (file.Path, file.Goes)).ShouldBe([(old, true), (current, false)]);
        planned.Select(file => (file.Path, file.Goes)).ShouldBe(done.Select(file => (file.Path, file.Goes)));
        (Exists(old), Exists(current)).ShouldBe((false, true));
        (await ApplyAsync(source, days: 40, dryRun: true)).Select(file => file.Path).ShouldBe([current]);
        (await bench.QueryAsync(source, "select id from {bronze}")).Single().ShouldBe([2L]);
    }

    [Fact]
    public async Task The_same_bytes_that_come_again_are_copied_again()
    {
        var (source, old, _) = await IngestTwiceAsync(keepRawDays: 30);
        await ExpireSnapshotsAsync();
        await ApplyAsync(source, days: 40, dryRun: false);

        (await bench.IngestAsync(source, Write(source, 1))).RawFiles.ShouldBe([old]);

        Exists(old).ShouldBeTrue();
    }

    [Fact]
    public async Task An_attempt_that_goes_on_from_a_file_that_is_dropped_meanwhile_is_tried_again()
    {
        var (source, old, _) = await IngestTwiceAsync(keepRawDays: 30);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(bench.Lake.Absolute(old))));
        var found = (await bench.Lake.FindRawAsync(source, "events", sha256, CancellationToken.None)).ShouldNotBeNull();
        await ExpireSnapshotsAsync();
        await ApplyAsync(source, days: 40, dryRun: false);

        var failure = await Should.ThrowAsync<TaskFailedException>(() => bench.Context().PublishAsync(
            (scope, token) => bench.Lake.RegisterRawAsync(scope, found, token), CancellationToken.None));

        failure.Message.ShouldContain($"{old} was dropped");
        failure.Retryable.ShouldBeTrue();
        (await bench.Lake.FindRawAsync(source, "events", sha256, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_attempt_that_goes_on_from_a_file_that_is_copied_elsewhere_meanwhile_leaves_it_there()
    {
        var (source, _, current) = await IngestTwiceAsync(keepRawDays: null);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(bench.Lake.Absolute(current))));
        var found = (await bench.Lake.FindRawAsync(source, "events", sha256, CancellationToken.None)).ShouldNotBeNull();
        var copied = found with { Path = bench.WriteFile("lake/raw/copied", "")[(bench.Options.LakeFolder.Length + 1)..], IsKnown = false };
        await bench.Context().PublishAsync((scope, token) => bench.Lake.RegisterRawAsync(scope, copied, token), CancellationToken.None);

        await bench.Context().PublishAsync((scope, token) => bench.Lake.RegisterRawAsync(scope, found, token), CancellationToken.None);

        (await bench.Lake.FindRawAsync(source, "events", sha256, CancellationToken.None))!.Path.ShouldBe("raw/copied");
    }

    [Fact]
    public async Task Young_files_stay_and_all_where_nothing_is_declared()
    {
        var (declared, _, _) = await IngestTwiceAsync(keepRawDays: 30);
        var (undeclared, old, _) = await IngestTwiceAsync(keepRawDays: null);
        await ExpireSnapshotsAsync();

        (await ApplyAsync(declared, days: 29, dryRun: false)).ShouldBeEmpty();
        (await ApplyAsync(undeclared, days: 9_999, dryRun: false, alsoNeeded: true)).ShouldBeEmpty();
        Exists(old).ShouldBeTrue();
    }

    [Fact]
    public async Task Rows_in_quarantine_hold_the_file_they_came_in()
    {
        var (source, old, _) = await IngestTwiceAsync(keepRawDays: 30);
        await ExpireSnapshotsAsync();
        await QuarantineAsync(source, "in.csv");

        (await ApplyAsync(source, days: 40, dryRun: false))[0].NeededBy.ShouldBe([$"rows in quarantine.{source}.events"]);
        Exists(old).ShouldBeTrue();
        await QuarantineAsync(source, "other.csv");
        (await ApplyAsync(source, days: 40, dryRun: false))[0].Goes.ShouldBeTrue();
    }

    [Fact]
    public async Task A_dataset_version_holds_its_files_until_one_insists()
    {
        await new Migrator(postgres.DataSource, [new MigrationSet("versioning", typeof(VersioningRegistration).Assembly, "EcomWorkflows.Pipeline.Versioning.Migrations.", 50)])
            .ApplyAsync(CancellationToken.None);
        var (source, old, current) = await IngestTwiceAsync(keepRawDays: 30);
        await ExpireSnapshotsAsync();
        await TagAsync($"{source}-raw/v1", (await ApplyAsync(source, days: 40, dryRun: true))[0].Sha256);

        (await ApplyAsync(source, days: 40, dryRun: false))[0].NeededBy.ShouldBe([$"dataset {source}-raw/v1"]);
        Exists(old).ShouldBeTrue();
        (await ApplyAsync(source, days: 40, dryRun: false, alsoNeeded: true)).ShouldAllBe(file => file.Goes);
        (Exists(old), Exists(current)).ShouldBe((false, false));
        (await bench.QueryAsync(source, "select id from {bronze}")).Single().ShouldBe([2L]);
    }

    [Fact]
    public async Task A_mapping_that_cannot_be_read_is_named_and_the_files_of_others_go_all_the_same()
    {
        var (source, old, _) = await IngestTwiceAsync(keepRawDays: 30);
        await ExpireSnapshotsAsync();
        await File.WriteAllTextAsync(Path.Combine(bench.Home, "workflows", "sources", "broken.json"), "{ \"source\": \"broken\" }");

        var problems = new List<string>();
        (await ApplyAsync(source, days: 40, dryRun: false, passOver: problems.Add)).Single(file => file.Goes).Path.ShouldBe(old);

        problems.ShouldHaveSingleItem().ShouldContain("broken.json: entities: it is missing");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private async Task<(string Source, string Old, string Current)> IngestTwiceAsync(int? keepRawDays)
    {
        var source = bench.Map(new { }, Columns, keepRawDays: keepRawDays);
        var old = await bench.IngestAsync(source, Write(source, 1));
        var current = await bench.IngestAsync(source, Write(source, 2));
        return (source, old.RawFiles.Single(), current.RawFiles.Single());
    }

    /// <summary>Of bytes that no other test has.</summary>
    private string Write(string source, int id) => bench.WriteFile("in.csv", $"id,source\n{id},{source}\n");

    private Task ExpireSnapshotsAsync() => bench.Lake.CollectGarbageAsync(TimeSpan.FromHours(-1), new LakeRetention(TimeSpan.Zero, Keep: 1), dryRun: false, CancellationToken.None);

    private async Task<IReadOnlyList<ExpiredRawFile>> ApplyAsync(string source, int days, bool dryRun, bool alsoNeeded = false, Action<string>? passOver = null)
    {
        IRawFileHolder[] holders = await VersioningExistsAsync() ? [new HeldRawFiles(postgres.DataSource)] : [];
        var retention = new RawRetention(bench.Lake, new SourceCatalog(bench.Options), bench.Options, new LaterTime(TimeSpan.FromDays(days)), holders);
        return [.. (await retention.ApplyAsync(dryRun, alsoNeeded, passOver ?? (_ => { }), CancellationToken.None)).Where(file => file.Source == source)];
    }

    private async Task<bool> VersioningExistsAsync()
    {
        await using var command = postgres.DataSource.CreateCommand("select to_regclass('versioning.dataset_version') is not null");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private async Task QuarantineAsync(string source, string file)
    {
        var (context, table) = (bench.Context(), new LakeTableName("quarantine", source, "events"));
        var path = bench.Lake.NewFile(context, table);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.Execute($"copy (select '{file}' as file, 2::bigint as line) to {DuckDbSql.Literal(path)} (format parquet)");
        var described = await bench.Lake.DescribeAsync(path, CancellationToken.None);
        await context.PublishAsync((scope, token) => bench.Lake.PublishAsync(scope, context, table, [described], [new("file", "VARCHAR"), new("line", "BIGINT")], token), CancellationToken.None);
    }

    private async Task TagAsync(string tag, string sha256)
    {
        await using var command = postgres.DataSource.CreateCommand(
            """
            insert into versioning.dataset_version
              (dataset, version, tag, commit_sha, md5, sha256, bytes, files, rows, schema_hash, change_note, manifest, created_at, run_id, attempt_id)
            values ($1, 1, $1, '', '', '', 0, 1, 0, '', '', jsonb_build_object('files', jsonb_build_array(jsonb_build_object('sha256', $2::text))), now(), 1, 1)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = tag });
        command.Parameters.Add(new NpgsqlParameter { Value = sha256 });
        await command.ExecuteNonQueryAsync();
    }

    private bool Exists(string path) => File.Exists(bench.Lake.Absolute(path));

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + by;
    }
}
