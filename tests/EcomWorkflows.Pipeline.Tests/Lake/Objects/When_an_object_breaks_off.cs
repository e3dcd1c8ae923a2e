using EcomWorkflows.Pipeline.Lake.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake.Objects;

/// <summary>A service whose answers begin well and then end, or go on no more.</summary>
public sealed class When_an_object_breaks_off : IAsyncLifetime, IDisposable
{
    private const int Length = 100_000;

    /// <summary>As of an object that went up in parts: it says nothing of the content's hash.</summary>
    private const string OfParts = "\"0123456789abcdef0123456789abcdef-2\"";

    private readonly string scratch = Directory.CreateTempSubdirectory("ecom-broken-").FullName;
    private readonly byte[] content = new byte[Length];
    private readonly List<string> ranges = [];
    private WebApplication server = null!;
    private string version = OfParts;
    private Func<HttpContext, int, Task> answer = (_, _) => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        new Random(3).NextBytes(content);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/bucket/{key}", async http =>
        {
            ranges.Add(http.Request.Headers.Range.ToString());
            await answer(http, ranges.Count);
        });
        await server.StartAsync();
    }

    [Fact]
    public async Task It_is_read_until_it_is_whole()
    {
        answer = (http, request) => SendAsync(http, request < 3 ? 30_000 : int.MaxValue);

        await DownloadAsync();

        File.ReadAllBytes(Target).ShouldBe(content);
        ranges.Count.ShouldBe(3);
        // What was on its way when the connection broke may be lost.
        ranges.ShouldAllBe(range => range == "" || range.StartsWith("bytes="));
    }

    [Fact]
    public async Task One_that_sends_nothing_any_more_is_read_on_from_there()
    {
        answer = (http, request) => SendAsync(http, request == 1 ? 30_000 : int.MaxValue, hang: true);

        await DownloadAsync();

        File.ReadAllBytes(Target).ShouldBe(content);
        ranges.ShouldBe(["", "bytes=30000-"]);
    }

    [Fact]
    public async Task A_service_that_knows_no_ranges_is_read_anew()
    {
        answer = (http, request) =>
        {
            http.Request.Headers.Range = default;
            return SendAsync(http, request == 1 ? 30_000 : int.MaxValue, hang: true);
        };

        await DownloadAsync();

        File.ReadAllBytes(Target).ShouldBe(content);
    }

    [Fact]
    public async Task Again_and_again_is_a_failure_worth_another_try_that_leaves_nothing_behind()
    {
        answer = (http, _) => SendAsync(http, 10, hang: true);

        var failure = await Should.ThrowAsync<ObjectStoreException>(DownloadAsync);

        failure.Message.ShouldContain("s3://bucket: 'key' broke off 5 times, the last time after 50 of 100,000 bytes: it sent nothing for");
        failure.Message.ShouldContain("does a proxy cut long answers? Nothing of it is kept");
        failure.Retryable.ShouldBeTrue();
        Directory.GetFiles(scratch).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_object_of_the_name_is_not_put_behind_the_first_half()
    {
        answer = (http, request) =>
        {
            if (request == 1)
                return SendAsync(http, 30_000, hang: true);
            http.Response.StatusCode = http.Request.Headers.IfMatch == OfParts ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };

        (await Should.ThrowAsync<ObjectStoreException>(DownloadAsync)).Message.ShouldContain("was replaced while it was read");
    }

    [Fact]
    public async Task One_that_is_not_what_its_hash_says_is_named_and_not_kept()
    {
        version = "\"0123456789abcdef0123456789abcdef\"";
        answer = (http, _) => SendAsync(http, int.MaxValue);

        var failure = await Should.ThrowAsync<ObjectStoreException>(DownloadAsync);

        failure.Message.ShouldContain("s3://bucket: 'key' was damaged on its way, or is damaged there");
        Directory.GetFiles(scratch).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_heard()
    {
        using var stop = new CancellationTokenSource();
        answer = async (http, _) =>
        {
            await stop.CancelAsync();
            await SendAsync(http, 10, hang: true);
        };

        await Should.ThrowAsync<OperationCanceledException>(() => DownloadAsync(stop.Token));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    private string Target => Path.Combine(scratch, "target");

    private Task DownloadAsync() => DownloadAsync(CancellationToken.None);

    private async Task DownloadAsync(CancellationToken cancellationToken)
    {
        using var store = new S3ObjectStore("bucket", "", new S3Settings(server.Urls.Single(), "us-east-1", "account", "secret", null))
        {
            Patience = TimeSpan.FromMilliseconds(500), RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        await store.DownloadAsync("key", Target, cancellationToken);
    }

    /// <summary>Announces the rest of the object and sends so many bytes of it; then the connection breaks, or stays and is silent.</summary>
    private async Task SendAsync(HttpContext http, int bytes, bool hang = false)
    {
        var from = http.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } first ? (int)first : 0;
        http.Response.StatusCode = from == 0 ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        http.Response.Headers.ETag = version;
        http.Response.ContentLength = Length - from;
        if (from > 0)
            http.Response.Headers.ContentRange = $"bytes {from}-{Length - 1}/{Length}";
        await http.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(bytes, Length - from)));
        await http.Response.Body.FlushAsync();
        if (bytes >= Length - from)
            return;
        if (hang)
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        else
            http.Abort();
    }
}
