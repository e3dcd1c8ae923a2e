using System.IO.Compression;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class PagedSourceFaultTests(PostgresFixture postgres) : PagedApi(postgres)
{
    [Fact]
    public async Task Passing_faults_are_retried_and_nothing_is_read_twice()
    {
        var faults = 0;
        answer = (page, size, _) => page == 2 && faults++ < 3 ? Results.StatusCode(faults == 1 ? 429 : 503) : Page(page, size, 25);
        var source = Map(new { page_size = 10, retry_delay_ms = 1 });

        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(25);
        requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_server_that_stays_broken_is_a_failure_worth_another_try()
    {
        answer = (_, _, _) => Results.StatusCode(500);
        var error = await FailAsync(new { retries = 2, retry_delay_ms = 1 });

        error.Message.ShouldContain("/customers?page=1&page_size=1000 answered 500 Internal Server Error after 3 tries");
        error.Retryable.ShouldBeTrue();
        error.Cause.ShouldBe(FailureCause.Dependency);
        requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_is_not_retried_and_says_what_to_do()
    {
        answer = (_, _, _) => Results.Unauthorized();
        var error = await FailAsync(new { retry_delay_ms = 1 });

        error.Message.ShouldContain("token_variable");
        error.Retryable.ShouldBeFalse();
        requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_named_with_its_address()
    {
        await server.StopAsync();
        (await FailAsync(new { retries = 1, retry_delay_ms = 1 })).Message.ShouldContain($"{bench.Options.ServerAddress}/customers?page=1&page_size=1000 could not be read after 2 tries");
    }

    [Fact]
    public async Task Without_our_own_server_the_message_says_how_to_start_it()
    {
        bench.Options.ServerAddress = null;
        (await FailAsync(new { })).Message.ShouldContain("./ecom serve --demo");
    }

    [Fact]
    public async Task The_token_of_the_environment_is_sent()
    {
        answer = (page, size, http) => http.Request.Headers.Authorization == "Bearer secret-1" ? Page(page, size, 5) : Results.Unauthorized();
        Environment.SetEnvironmentVariable("ECOM_TEST_TOKEN", "secret-1");
        (await bench.IngestAsync(Map(new { token_variable = "ECOM_TEST_TOKEN" }), entity: "customers")).RowsKept.ShouldBe(5);

        (await FailAsync(new { token_variable = "ECOM_TEST_TOKEN_UNSET" })).Message.ShouldContain("ECOM_TEST_TOKEN_UNSET");
    }

    [Fact]
    public async Task Links_are_followed_on_the_same_server_only()
    {
        answer = (page, _, _) => page == 1 ? Json("""{"items":[{"id":1}],"next":"/customers?page=7&page_size=2"}""") : Json("""{"items":[{"id":2}],"next":null}""");
        (await bench.IngestAsync(Map(new { }), entity: "customers")).RowsKept.ShouldBe(2);

        answer = (_, _, _) => Json("""{"items":[],"next":"http://example.org/steal"}""");
        (await FailAsync(new { })).Message.ShouldContain("on the same server");
        answer = (page, _, _) => Json($$"""{"items":[],"next":{{page}}}""");
        (await FailAsync(new { })).Message.ShouldContain("a later page number");
    }

    [Fact]
    public async Task Credentials_of_a_connection_go_to_its_host_only()
    {
        answer = (page, size, http) => http.Request.Headers["X-Api-Key"] == "secret-2" ? Page(page, size, 3) : Results.Unauthorized();
        await bench.ConnectAsync(new ConnectionChange("crm", "http", server.Urls.Single(), Extra: new JsonObject { ["token"] = "secret-2", ["header"] = "X-Api-Key" }));
        var format = new { type = "rest", next = "next" };
        (await bench.IngestAsync(bench.Map(format, Columns, "rest", "/customers", "customers", connection: "crm"), entity: "customers")).RowsKept.ShouldBe(3);

        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(format, Columns, "rest", "http://example.org/customers", "customers", connection: "crm"), entity: "customers")))
            .Message.ShouldContain("its credentials are not sent elsewhere");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(format, Columns, "rest", "/customers", "customers", connection: "crn"), entity: "customers")))
            .Message.ShouldContain("There is no connection 'crn'");
    }

    [Fact]
    public async Task Redirects_are_followed_on_the_same_server_only()
    {
        answer = (page, size, http) =>
            http.Request.Headers["X-Api-Key"] != "secret-3" ? Results.Unauthorized()
            : http.Request.Query.ContainsKey("moved") ? Page(page, size, 3)
            : Results.Redirect($"/customers?page={page}&page_size={size}&moved=1");
        await bench.ConnectAsync(new ConnectionChange("moved", "http", server.Urls.Single(), Extra: new JsonObject { ["token"] = "secret-3", ["header"] = "X-Api-Key" }));
        var source = bench.Map(new { type = "rest", next = "next" }, Columns, "rest", "/customers", "customers", connection: "moved");
        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(3);

        answer = (_, _, _) => Results.Redirect("/customers?page=1&page_size=1000");
        (await FailAsync(new { })).Message.ShouldContain("5 times at most");

        // Another port is another server: nothing arrives there.
        await using var other = await LocalHttp.StartAsync(_ => Results.Text("stolen"));
        answer = (_, _, _) => Results.Redirect($"{other.Address}customers?key=1");
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, entity: "customers"));
        error.Message.ShouldContain($"answered 302 Found. It leads to {other.Address}customers. Only addresses of the same server are followed");
        error.Retryable.ShouldBeFalse();
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_to_sign_in_is_named_by_its_address()
    {
        answer = (page, _, http) => http.Request.Query.ContainsKey("to") ? Results.Content("<!doctype html>", "text/html") : Results.Redirect($"/customers?page={page}&page_size=1&to=x");
        var error = await FailAsync(new { });
        error.Message.ShouldContain($"leads to {bench.Options.ServerAddress}/customers, which answered with something that is no JSON");
    }

    [Fact]
    public async Task What_the_service_says_of_its_refusal_is_passed_on()
    {
        answer = (_, _, _) => Results.Problem("Your plan ended in May.", statusCode: 402);
        (await FailAsync(new { })).Message.ShouldContain("answered 402 Payment Required: Your plan ended in May.");
        answer = (_, _, _) => Results.Text("""{"detail": 7}""", "application/problem+json", statusCode: 402);
        (await FailAsync(new { })).Message.ShouldContain("answered 402 Payment Required.");
    }

    [Fact]
    public async Task A_server_that_hangs_or_asks_to_wait_too_long_is_given_up_with_what_to_change()
    {
        answer = (_, _, http) => Results.Stream(async _ => await Task.Delay(Timeout.Infinite, http.RequestAborted));
        var hangs = await FailAsync(new { retries = 1, retry_delay_ms = 1, timeout_seconds = 1 });
        hangs.Message.ShouldContain("did not answer within 1 s, 2 times");
        hangs.Message.ShouldContain("\"timeout_seconds\"");
        (hangs.Cause, hangs.Retryable).ShouldBe((FailureCause.Timeout, true));

        requests.Clear();
        answer = (_, _, http) =>
        {
            http.Response.Headers.RetryAfter = "3600";
            return Results.StatusCode(429);
        };
        (await FailAsync(new { })).Message.ShouldContain("It asks to wait 3600 s, more than \"longest_retry_after_seconds\"");
        requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_tried_again_and_then_named()
    {
        answer = (_, _, http) => Results.Stream(async body =>
        {
            await body.WriteAsync("{\"items\":[{\"id\":1},"u8.ToArray());
            await body.FlushAsync();
            http.Abort();
        });
        var error = await FailAsync(new { retries = 1, retry_delay_ms = 1 });
        error.Message.ShouldContain("could not be read after 2 tries");
        error.Retryable.ShouldBeTrue();
        requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_does_not_page_is_not_read_for_ever()
    {
        answer = (_, size, _) => Results.Json(new JsonObject { ["items"] = Items(1, size) });
        var source = bench.Map(new { type = "rest", page_size = 50 }, Columns, "rest", "{server}/customers", "customers");

        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, entity: "customers"))).Message
            .ShouldContain("gives the same items as page 1: the API seems not to page as the source mapping says");
        requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Cursors_that_go_round_in_a_circle_are_not_followed_for_ever()
    {
        answer = (_, _, http) => Json(http.Request.Query["cursor"] == "b" ? """{"items":[{"id":2}],"next":"a"}""" : """{"items":[{"id":1}],"next":"b"}""");
        var source = bench.Map(new { type = "rest", paging = "cursor", next = "next" }, Columns, "rest", "{server}/customers?page=1", "customers");

        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, entity: "customers"))).Message.ShouldContain("has been read before, so the pages would never end");
    }

    [Fact]
    public async Task The_next_page_may_be_a_number_in_a_text_but_no_broken_address()
    {
        answer = (page, size, _) => Results.Json(new JsonObject { ["items"] = Items(page, page), ["next"] = page < 3 ? $"{page + 1}" : null });
        (await bench.IngestAsync(Map(new { page_size = 1 }), entity: "customers")).RowsKept.ShouldBe(3);

        answer = (_, _, _) => Json("""{"items":[{"id":1}],"next":"http://[bad"}""");
        (await FailAsync(new { })).Message.ShouldContain("\"next\" is \"http://[bad\"; allowed are a later page number");
    }

    [Fact]
    public async Task An_answer_may_be_packed()
    {
        answer = (_, _, http) =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
                gzip.Write("""{"items":[{"id":1}],"next":null}"""u8);
            return Results.Bytes(packed.ToArray(), "application/json");
        };

        (await bench.IngestAsync(Map(new { }), entity: "customers")).RowsKept.ShouldBe(1);
    }
}
