using System.Globalization;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

/// <summary>A paged API whose answers each test writes, and a bench that ingests it.</summary>
public abstract class PagedApi(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private protected static readonly object[] Columns =
    [
        new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }, new { name = "joined", type = "date" }, new { name = "news", type = "boolean" },
    ];

    private protected readonly List<string> requests = [];
    private protected IngestionBench bench = null!;
    private protected WebApplication server = null!;
    private protected Func<int, int, HttpContext, IResult> answer = (_, _, _) => Results.NotFound();

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/customers", (HttpContext http, int page, int page_size) =>
        {
            requests.Add(http.Request.QueryString.Value!);
            return answer(page, page_size, http);
        });
        await server.StartAsync();
        bench.Options.ServerAddress = server.Urls.Single();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        bench.Dispose();
    }

    private protected static IResult Json(string body) => Results.Text(body, "application/json");

    private protected static IResult Page(int page, int size, int total)
    {
        var items = Items(((page - 1) * size) + 1, Math.Min(page * size, total));
        return Results.Json(new JsonObject { ["items"] = items, ["next"] = page * size < total ? page + 1 : null });
    }

    private protected static JsonArray Items(int first, int last) =>
        [.. Enumerable.Range(first, Math.Max(0, last - first + 1))
            .Select(id => new JsonObject { ["id"] = id, ["name"] = string.Create(CultureInfo.InvariantCulture, $"name {id}"), ["joined"] = "2020-01-01", ["news"] = true })];

    private protected string Map(object format, object? drift = null)
    {
        var members = System.Text.Json.JsonSerializer.SerializeToNode(format)!.AsObject();
        members["type"] = "rest";
        members["next"] = "next";
        return bench.Map(members, Columns, "rest", "{server}/customers", "customers", drift);
    }

    private protected async Task<TaskFailedException> FailAsync(object format) =>
        await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(Map(format), entity: "customers"));
}
