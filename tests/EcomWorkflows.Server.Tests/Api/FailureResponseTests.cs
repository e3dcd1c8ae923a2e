using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public class FailureResponseTests
{
    private static readonly PipelineOptions Options = new() { Home = "/var/ecom", WorkflowsFolder = "/workflows", DataVersionsFolder = "/data-versions" };

    public static TheoryData<Exception, int, string> Failures { get; } = new()
    {
        { new IOException("No space left on device : '/var/ecom/reports/x'", 28), 507, "The disk that holds /var/ecom or the database is full, so this was not done. Free some space there, then try again; the program's log names the file." },
        { new PostgresException("could not extend file \"base/5/1\": No space left on device", "ERROR", "ERROR", "53100"), 507, "The disk that holds /var/ecom or the database is full" },
        { new PostgresException("the database system is starting up", "FATAL", "FATAL", "57P03"), 503, "The database does not answer. Try again shortly" },
        { new NpgsqlException("Failed to connect"), 503, "The database does not answer. Try again shortly" },
        { new ObjectStoreException("s3://lake: Connection refused. Does the service run?", retryable: true), 503, "s3://lake: Connection refused. Does the service run?" },
        { new TaskFailedException("row 3 of secret.csv", FailureCause.BadData), 500, "Something failed here that should not." },
        { new PostgresException("column \"x\" does not exist", "ERROR", "ERROR", "42703"), 500, "Something failed here that should not." },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_of_the_disk_or_the_database_is_told_from_one_of_the_program(Exception failure, int status, string detail)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        (context.Request.Method, context.Request.Path, context.Response.Body) = ("POST", "/api/v2/dags/x/dagRuns", new MemoryStream());

        await new FailureResponse(_ => throw failure, Options, new OutageLog(TimeProvider.System, new KeptLog<OutageLog>()), new KeptLog<FailureResponse>()).InvokeAsync(context);

        context.Response.StatusCode.ShouldBe(status);
        context.Response.Body.Position = 0;
        (await JsonNode.ParseAsync(context.Response.Body))!["detail"]!.GetValue<string>().ShouldStartWith(detail);
    }

    [Fact]
    public async Task However_many_ask_while_the_database_is_away_the_log_says_it_once()
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var (outages, log) = (new KeptLog<OutageLog>(), new KeptLog<FailureResponse>());
        var response = new FailureResponse(_ => throw new NpgsqlException("Failed to connect"), Options, new OutageLog(TimeProvider.System, outages), log);

        for (var i = 0; i < 5; i++)
            await response.InvokeAsync(new DefaultHttpContext { RequestServices = services });

        outages.Lines.ShouldHaveSingleItem().ShouldStartWith("The connection to the database is lost: Failed to connect.");
        log.Lines.ShouldBeEmpty();
    }
}
