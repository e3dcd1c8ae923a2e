using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake.Objects;

public sealed class When_objects_are_in_a_bucket(S3Server server) : ObjectStoreConformance, IClassFixture<S3Server>
{
    private readonly string prefix = $"{Guid.NewGuid():n}";

    protected override IObjectStore Open() => server.Open(prefix);

    [Fact]
    public async Task A_large_file_goes_up_in_parts_and_comes_back_the_same()
    {
        using var store = Open();
        var bytes = new byte[34 << 20];
        new Random(7).NextBytes(bytes);
        var (up, down) = (Path.Combine(Scratch, "up"), Path.Combine(Scratch, "down"));
        await File.WriteAllBytesAsync(up, bytes);
        await store.UploadAsync("large.bin", up, CancellationToken.None);
        await store.DownloadAsync("large.bin", down, CancellationToken.None);

        SHA256.HashData(await File.ReadAllBytesAsync(down)).ShouldBe(SHA256.HashData(bytes));
    }

    [Fact]
    public async Task More_objects_than_one_answer_holds_are_all_listed()
    {
        using var store = new S3ObjectStore(S3Server.Bucket, prefix, server.Settings) { PageSize = 2 };
        foreach (var number in Enumerable.Range(0, 5))
            await PutAsync(store, $"many/{number}", "x");

        (await KeysAsync(store, "many/")).ShouldBe(["many/0", "many/1", "many/2", "many/3", "many/4"]);
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_and_a_wrong_account_say_what_to_check()
    {
        using var nowhere = new S3ObjectStore("nowhere", "", server.Settings);
        (await Should.ThrowAsync<ObjectStoreException>(() => KeysAsync(nowhere, ""))).Message.ShouldContain("there is no bucket 'nowhere'");
        using var stranger = new S3ObjectStore(S3Server.Bucket, "", server.Settings with { AccessKey = "stranger" });
        var refused = await Should.ThrowAsync<ObjectStoreException>(() => KeysAsync(stranger, ""));
        refused.Message.ShouldContain("Check the access key");
        refused.Retryable.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_credentials_one_sentence_says_where_to_give_them()
    {
        // Nowhere else to look for them: not in the files of this account, nor in the network of a machine in the cloud.
        var variables = new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = null, ["AWS_SECRET_ACCESS_KEY"] = null, ["AWS_PROFILE"] = null,
            ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(Scratch, "none"), ["AWS_CONFIG_FILE"] = Path.Combine(Scratch, "none"), ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        var before = variables.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            foreach (var (name, value) in variables)
                Environment.SetEnvironmentVariable(name, value);
            using var store = new S3ObjectStore(S3Server.Bucket, "", server.Settings with { AccessKey = null, SecretKey = null });

            var failure = await Should.ThrowAsync<ObjectStoreException>(() => KeysAsync(store, ""));

            failure.Message.ShouldBe(
                "s3://tests: no credentials were found for it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a connection that has them (./ecom connections set NAME --type s3 --login ACCESS_KEY --password-stdin).");
            failure.Retryable.ShouldBeFalse();
        }
        finally
        {
            foreach (var (name, value) in before)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_named_and_worth_another_try()
    {
        using var store = new S3ObjectStore(S3Server.Bucket, "", server.Settings with { Endpoint = "http://127.0.0.1:9" });
        var failure = await Should.ThrowAsync<ObjectStoreException>(() => KeysAsync(store, ""));
        failure.Message.ShouldContain("http://127.0.0.1:9");
        failure.Retryable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_location_without_a_bucket_and_a_connection_that_is_missing_are_refused()
    {
        var stores = new ObjectStores(
            new StoredConnections(null), new PipelineOptions { Home = Scratch, WorkflowsFolder = Scratch, DataVersionsFolder = Scratch });
        (await Should.ThrowAsync<Exception>(() => stores.OpenAsync("s3:///x", null, CancellationToken.None))).Message.ShouldContain("names no bucket");
        (await Should.ThrowAsync<Exception>(() => stores.OpenAsync("s3://b/x", "nobody", CancellationToken.None))).Message.ShouldContain("'nobody'");
        foreach (var other in (string[])["gs://b/x", "S3://b/x", "s3:/b/x"])
            (await Should.ThrowAsync<TaskFailedException>(() => stores.OpenAsync(other, null, CancellationToken.None))).Message.ShouldStartWith($"'{other}' is neither a folder nor a place in a bucket");
        (await stores.OpenAsync("folder", null, CancellationToken.None)).Location.ShouldBe(Path.Combine(Scratch, "folder"));
    }

    [Fact]
    public void The_environment_is_read_as_the_AWS_tools_read_it()
    {
        var variables = new Dictionary<string, string?> { ["AWS_ENDPOINT_URL"] = "http://minio:9000", ["AWS_DEFAULT_REGION"] = "eu-central-1", ["AWS_ACCESS_KEY_ID"] = "k" };
        S3Settings.From(variables.GetValueOrDefault).ShouldBe(new S3Settings("http://minio:9000", "eu-central-1", "k", null, null));
    }
}
