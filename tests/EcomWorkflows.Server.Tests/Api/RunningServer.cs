using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

/// <summary>One web server for a test class.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly PostgresFixture database = new();

    public WebServer Web { get; private set; } = null!;

    public HttpClient Client => Web.Client;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        Web = await WebServer.StartAsync(database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Web.DisposeAsync();
        await database.DisposeAsync();
    }

    public async Task<JsonObject> GetAsync(string address)
    {
        var answer = await Client.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Starts a run and waits for the server's own word that it has ended.</summary>
    public async Task<string> RunToEndAsync(string name, object? conf = null)
    {
        var answer = await Client.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { dag_run_id = name, conf });
        answer.EnsureSuccessStatusCode();
        return await WaitAsync(name);
    }

    /// <summary>Follows the run's events to the last one and returns its state.</summary>
    public async Task<string> WaitAsync(string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var stream = await Client.GetStreamAsync($"/api/v2/dags/churn-daily/dagRuns/{name}/watch", limit.Token);
        using var reader = new StreamReader(stream);
        var isEnd = false;
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == "event: ended")
                isEnd = true;
            if (line.StartsWith("data: ", StringComparison.Ordinal) && isEnd)
                return line["data: ".Length..];
            if (line.Length == 0 && isEnd)
                break;
        }
        return (string)(await GetAsync($"/api/v2/dags/churn-daily/dagRuns/{name}"))["state"]!;
    }
}
