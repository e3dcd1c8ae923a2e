using System.Diagnostics;
using System.Text;
using EcomWorkflows.Bench.Orchestrator;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Bench.Api;

/// <summary>Answer times of every list over 500 DAGs and 100,000 runs on a private PostgreSQL with fsync on; a round trip of <c>select 1</c> on the same server beside it.</summary>
internal sealed class ApiBenchmark
{
    private const int WarmUp = 5;
    private const int Measured = 40;
    private const double Goal = 150;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecom-bench-");
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var options = new EmbeddedPostgresOptions { Home = Path.Combine(folder.FullName, "home") };
            await using var postgres = await EmbeddedPostgres.StartOrJoinAsync(options, TimeProvider.System, NullLogger.Instance, cancellationToken);
            await using var server = await ApiServer.StartAsync(postgres.ConnectionString, folder.FullName, cancellationToken);
            var database = server.Get<NpgsqlDataSource>();
            await ApiData.ImportDagsAsync(server.Get<DagStore>(), server.Get<TaskRegistry>(), cancellationToken);
            var filling = Stopwatch.GetTimestamp();
            await ApiData.FillAsync(database, cancellationToken);
            await Console.Error.WriteLineAsync($"{ApiData.Runs:#,0} runs written in {Stopwatch.GetElapsedTime(filling).TotalSeconds:0} s");
            return await MeasureAsync(server, database, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(ApiServer server, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        var reference = await PercentileAsync(() => RoundTripAsync(database, cancellationToken));
        var results = new List<BenchResult>();
        var (run, key, someEvent) = await SampleAsync(database, cancellationToken);
        foreach (var request in ApiRequests.Of(run, key, someEvent))
        {
            var p95 = await PercentileAsync(() => SendAsync(client, request, cancellationToken));
            results.Add(new BenchResult(request.Name, p95, "ms p95", "select 1, p95", reference, p95 / reference, $"at most {Goal:0} ms", p95 <= Goal));
        }
        results.Add(new BenchResult("select 1, one round trip", reference, "ms p95", "at the end of the run", await PercentileAsync(() => RoundTripAsync(database, cancellationToken)), null, null, null));
        return results;
    }

    private static async Task<double> PercentileAsync(Func<Task> once)
    {
        for (var i = 0; i < WarmUp; i++)
            await once();
        var times = new List<double>(Measured);
        for (var i = 0; i < Measured; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await once();
            times.Add(Milliseconds.Between(started, Stopwatch.GetTimestamp()));
        }
        return Milliseconds.Percentile(times, 0.95);
    }

    private static async Task SendAsync(HttpClient client, ApiRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Body is null ? HttpMethod.Get : HttpMethod.Post, request.Path);
        if (request.Body is { } body)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(message, cancellationToken);
        var content = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{request.Name} was answered {(int)answer.StatusCode}: {content}");
    }

    private static async Task RoundTripAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<(long Run, string Key, long Event)> SampleAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select run_id, run_key, (select max(event_id) / 10 from orchestration.event) from orchestration.dag_run where dag_id = 'dag-123' and state = 'failed' order by run_id limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2));
    }
}
