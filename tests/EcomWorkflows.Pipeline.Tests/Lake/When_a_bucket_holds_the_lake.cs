using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Tests.Ingestion;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake;

public sealed class When_a_bucket_holds_the_lake(PostgresFixture postgres, S3Server server) : IClassFixture<PostgresFixture>, IClassFixture<S3Server>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns = [new { name = "id", type = "bigint" }];

    private readonly string prefix = $"{Guid.NewGuid():n}";
    private IngestionBench bench = null!;
    private PipelineOptions options = null!;
    private LakeStore lake = null!;

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        await bench.ConnectAsync(new ConnectionChange("lake", "s3", server.Address, Login: S3Server.Account, Password: S3Server.Account));
        options = bench.Options with { LakeLocation = $"s3://{S3Server.Bucket}/{prefix}", LakeConnection = "lake" };
        lake = new LakeStore(postgres.DataSource, options, TimeProvider.System, new ObjectStores(bench.Connections, options));
    }

    [Fact]
    public async Task Another_node_reads_what_this_one_wrote_and_nothing_is_read_or_copied_twice()
    {
        var source = bench.Map(new { }, Columns);
        var file = bench.WriteFile("in.csv", "id\n1\n2\nx\n");
        var first = await IngestAsync(source, file);
        var keys = await KeysAsync();
        keys.Count(key => key.StartsWith($"raw/source={source}/type=events/date=", StringComparison.Ordinal)).ShouldBe(1);
        keys.Count(key => key.EndsWith(".parquet", StringComparison.Ordinal)).ShouldBe(2);

        // What another node has: the database, the bucket, and an empty folder.
        Directory.Delete(options.LakeFolder, recursive: true);
        var current = (await lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None)).ShouldNotBeNull();
        File.Exists(lake.Absolute(current.Files.Single().Path)).ShouldBeTrue();
        (await bench.QueryAsync(source, "select id from {bronze} order by id")).ShouldBe([[1L], [2L]]);

        Directory.Delete(options.LakeFolder, recursive: true);
        (await IngestAsync(source, file)).RawFiles.ShouldBe(first.RawFiles);
        (await KeysAsync()).ShouldBe(keys);
    }

    [Fact]
    public async Task A_file_that_is_lost_or_changed_in_the_bucket_is_named()
    {
        var source = bench.Map(new { }, Columns);
        await IngestAsync(source, bench.WriteFile("in.csv", "id\n1\n"));
        var path = (await lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None))!.Files.Single().Path;
        Directory.Delete(options.LakeFolder, recursive: true);
        using var store = server.Open(prefix);
        await store.UploadAsync(path, bench.WriteFile("other", "changed"), CancellationToken.None);
        (await Should.ThrowAsync<TaskFailedException>(() => lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None))).Message.ShouldContain("is not the file the catalog names");

        await store.DeleteAsync(path, CancellationToken.None);
        (await Should.ThrowAsync<TaskFailedException>(() => lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None))).Message.ShouldContain($"has lost {path}");
    }

    [Fact]
    public async Task What_the_bucket_has_lost_the_cache_of_the_node_that_uses_it_again_gives_back()
    {
        var source = bench.Map(new { }, Columns);
        var file = bench.WriteFile("in.csv", "id\n1\nx\n");
        await IngestAsync(source, file);
        var keys = await KeysAsync();
        using var store = server.Open(prefix);
        await store.DeleteAsync(keys.Single(key => key.StartsWith("bronze/", StringComparison.Ordinal)), CancellationToken.None);
        await store.UploadAsync(keys.Single(key => key.StartsWith("rejects/", StringComparison.Ordinal)), bench.WriteFile("half", "PAR"), CancellationToken.None);
        await store.DeleteAsync(keys.Single(key => key.StartsWith("raw/", StringComparison.Ordinal)), CancellationToken.None);

        await IngestAsync(source, file);

        (await KeysAsync()).ShouldBe(keys);
        Directory.Delete(options.LakeFolder, recursive: true);
        (await lake.CurrentAsync(new("rejects", source, "events"), CancellationToken.None))!.Rows.ShouldBe(1);
        (await lake.FindRawAsync(source, "events", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), CancellationToken.None)).ShouldNotBeNull();
        (await lake.CurrentAsync(new("bronze", source, "events"), CancellationToken.None))!.Rows.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_bucket_has_lost_and_the_cache_has_damaged_is_made_anew()
    {
        var source = bench.Map(new { }, Columns);
        var file = bench.WriteFile("in.csv", "id\n1\n");
        var first = await IngestAsync(source, file);
        var lost = (await lake.GetAsync(first.SnapshotId, CancellationToken.None))!.Files.Single().Path;
        using var store = server.Open(prefix);
        await store.DeleteAsync(lost, CancellationToken.None);
        await File.WriteAllTextAsync(lake.Absolute(lost), "damaged");

        var second = await IngestAsync(source, file);

        (await lake.GetAsync(second.SnapshotId, CancellationToken.None))!.Files.Single().Path.ShouldNotBe(lost);
        (await KeysAsync()).ShouldNotContain(lost);
    }

    [Fact]
    public async Task Files_of_an_earlier_snapshot_that_are_named_again_are_in_the_bucket_or_named_as_lost()
    {
        var source = bench.Map(new { }, Columns);
        var published = await IngestAsync(source, bench.WriteFile("in.csv", "id\n1\n"));
        var path = (await lake.GetAsync(published.SnapshotId, CancellationToken.None))!.Files.Single().Path;
        using var store = server.Open(prefix);
        await store.DeleteAsync(path, CancellationToken.None);

        (await lake.FilesToNameAgainAsync(published.SnapshotId, CancellationToken.None)).Single().Path.ShouldBe(path);

        (await KeysAsync()).ShouldContain(path);
        await store.DeleteAsync(path, CancellationToken.None);
        File.Delete(lake.Absolute(path));
        (await Should.ThrowAsync<TaskFailedException>(() => lake.FilesToNameAgainAsync(published.SnapshotId, CancellationToken.None))).Message.ShouldContain($"has lost {path}");
    }

    [Fact]
    public async Task Objects_that_nothing_names_are_garbage()
    {
        var source = bench.Map(new { }, Columns);
        await IngestAsync(source, bench.WriteFile("in.csv", "id\n1\n"));
        var before = await KeysAsync();
        using var store = server.Open(prefix);
        await store.UploadAsync("bronze/left/behind.parquet", bench.WriteFile("junk", "junk"), CancellationToken.None);

        var seen = await lake.CollectGarbageAsync(TimeSpan.FromHours(-1), null, dryRun: true, CancellationToken.None);
        seen.Files.Single(garbage => garbage.Place == "bucket").Path.ShouldBe("bronze/left/behind.parquet");
        await lake.CollectGarbageAsync(TimeSpan.FromHours(-1), null, dryRun: false, CancellationToken.None);
        (await KeysAsync()).ShouldBe(before);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private async Task<IngestOutputs> IngestAsync(string source, string file)
    {
        using var http = new HttpClient();
        var task = new IngestTask(new SourceCatalog(options), lake, options, http, new ObjectStores(bench.Connections, options), bench.Connections);
        var result = await task.RunAsync(new IngestInputs { Source = source, Entity = "events", File = file }, bench.Context(), CancellationToken.None);
        return ((TaskResult<IngestOutputs>.Succeeded)result).Outputs;
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        using var store = server.Open(prefix);
        var keys = new List<string>();
        await foreach (var found in store.ListAsync("", CancellationToken.None))
            keys.Add(found.Key);
        return keys;
    }
}
