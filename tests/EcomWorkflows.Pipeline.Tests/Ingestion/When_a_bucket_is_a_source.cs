using System.Text;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_a_bucket_is_a_source(PostgresFixture postgres, S3Server server) : IClassFixture<PostgresFixture>, IClassFixture<S3Server>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns = [new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }];

    private readonly string prefix = $"{Guid.NewGuid():n}";
    private IngestionBench bench = null!;

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        await bench.ConnectAsync(new ConnectionChange("bucket", "s3", server.Address, Login: S3Server.Account, Password: S3Server.Account));
    }

    [Fact]
    public async Task Objects_that_a_glob_names_become_rows_under_their_keys_and_unchanged_ones_are_not_fetched_again()
    {
        await PutAsync("day=1/rows.csv", "id,name\n1,a\n");
        await PutAsync("day=2/rows.csv", "id,name\n2,b\nx,c\n");
        await PutAsync("day=2/notes.txt", "no rows");
        var source = Map("*/rows.csv");
        var outputs = await bench.IngestAsync(source);

        (outputs.RowsKept, outputs.RowsRejected).ShouldBe((2L, 1L));
        (await bench.QueryAsync(source, "select _file, id from {bronze} order by id")).ShouldBe([["day=1/rows.csv", 1L], ["day=2/rows.csv", 2L]]);
        File.Delete(Path.Combine(bench.Home, "upload"));
        var again = await bench.IngestAsync(source);
        again.RawFiles.ShouldBe(outputs.RawFiles);

        await PutAsync("day=1/rows.csv", "id,name\n1,a\n7,z\n");
        (await bench.IngestAsync(source)).RowsKept.ShouldBe(3);
    }

    [Fact]
    public async Task Nothing_there_and_nobody_there_say_what_to_check()
    {
        var missing = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(Map("none.csv")));
        missing.Message.ShouldContain($"s3://tests/{prefix}/none.csv: there is no such object");
        await bench.ConnectAsync(new ConnectionChange("bucket", "s3", "http://127.0.0.1:9", Login: "x", Password: "secret"));
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(Map("*.csv")))).Message.ShouldContain("Is http://127.0.0.1:9/ the right address");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private string Map(string pattern) => bench.Map(new { }, Columns, location: $"s3://{S3Server.Bucket}/{prefix}/{pattern}", connection: "bucket");

    private async Task PutAsync(string key, string text)
    {
        using var store = server.Open(prefix);
        await store.UploadAsync(key, bench.WriteFile("upload", Encoding.UTF8.GetBytes(text)), CancellationToken.None);
    }
}
