using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A table with three rows in quarantine, of which a corrected rule and a corrected mapping let in one each, and nodes that replay it and are killed at it.</summary>
internal sealed class ReplaySite : IAsyncDisposable
{
    private const long Gate = 4711;

    private static readonly DateTimeOffset Replayed = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly PostgresFixture postgres;
    private readonly ValidationHome home;
    private readonly string entity;
    private readonly ServiceProvider services;

    private ReplaySite(PostgresFixture postgres, string entity)
    {
        this.postgres = postgres;
        this.entity = entity;
        home = new ValidationHome(postgres);
        services = new ServiceCollection().AddLogging().AddSingleton(postgres.DataSource)
            .AddEcomOrchestration(new OrchestrationOptions { WorkRoot = home.Path_("work") }).AddEcomSchedules().BuildServiceProvider();
    }

    public static async Task<ReplaySite> CreateAsync(PostgresFixture postgres, string entity)
    {
        var site = new ReplaySite(postgres, entity);
        await site.services.GetRequiredService<Migrator>().ApplyAsync(CancellationToken.None);
        await site.home.MigrateAsync();
        site.home.WriteReplayedSource(entity, day: "date");
        site.home.WriteReplayedSuite(entity, kinds: """["view", "cart"]""");
        site.home.Write($"data/{entity}/e.csv", "user_id,kind,day\nu1,view,2026-11-20\n,view,2026-11-20\nu2,wish,2026-11-20\nu3,cart,20.11.2026\nu4,view,2026-11-20\n");
        await site.home.RunAsync<IngestInputs, IngestOutputs>("Ecom.Ingest", new IngestInputs { Source = "shop", Entity = entity }, site.home.Attempt(1_000_000, 1_000_001));
        await site.home.ValidateAsync(site.home.Attempt(1_000_000, 1_000_002), entity: entity);
        site.home.WriteReplayedSource(entity, day: "varchar");
        site.home.WriteReplayedSuite(entity, kinds: """["view", "cart", "wish"]""");
        return site;
    }

    /// <summary>Starts a node on a replay, and kills it when it is about to do something to a row of a table.</summary>
    /// <param name="moment">As a trigger says it: <c>insert on quality.replay</c>.</param>
    /// <param name="condition">Of the row.</param>
    /// <returns>The run, which another node has to end.</returns>
    public async Task<long> KillAtAsync(string moment, string condition)
    {
        await ExecuteAsync(
            $"""
            create or replace function public.wait_at_gate() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock({Gate}); return new; end';
            create trigger wait_at_gate before {moment} for each row when ({condition}) execute function public.wait_at_gate();
            """);
        await using var gate = await postgres.DataSource.OpenConnectionAsync();
        await using (var close = new NpgsqlCommand($"select pg_advisory_lock({Gate})", gate))
            await close.ExecuteNonQueryAsync();
        var run = await CreateRunAsync();
        await using var worker = StartNode();
        await WaitAsync("select count(*) = 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())");
        worker.Kill();
        // What the server does itself once it sees that the client is gone, which it does when it is done waiting.
        await ExecuteAsync("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and application_name = 'fault-worker'");
        await using (var open = new NpgsqlCommand($"select pg_advisory_unlock({Gate})", gate))
            await open.ExecuteNonQueryAsync();
        await ExecuteAsync($"drop trigger wait_at_gate on {moment.Split(' ')[^1]}");
        return run;
    }

    public async Task<long> CreateRunAsync()
    {
        var inputs = new JsonObject { ["source"] = "shop", ["entity"] = entity };
        var settings = new TaskSettings { Retries = 0, InfraRetries = 3, RetryDelay = TimeSpan.FromMilliseconds(50) };
        var dag = new Dag($"replay-{entity}", "replay", null, new DagSettings(), [], [new DagTask("replay", "Ecom.ReplayQuarantine", "replay", inputs, settings)], []);
        await services.GetRequiredService<DagStore>().ImportAsync(dag, JsonSerializer.Serialize(dag, TaskJson.Options), entity, default(SourceFile), "test", CancellationToken.None);
        var start = await services.GetRequiredService<ManualRuns>().TriggerAsync(dag.DagId, null, Replayed, "test", CancellationToken.None);
        return start.RunId;
    }

    public WorkerProcess StartNode() => WorkerProcess.Start(postgres.ConnectionString, home: home.Folder);

    public Task WaitForSuccessAsync(long run) => WaitAsync($"select state = 'success' from orchestration.dag_run where run_id = {run}");

    public async Task<IReadOnlyList<string>> CausesAsync(long run) =>
        [.. (await ScalarAsync<string>($"select coalesce(string_agg(coalesce(cause, state), ',' order by attempt_id), '') from orchestration.task_attempt where run_id = {run}")).Split(',')];

    public Task<IReadOnlyList<string>> QuarantineAsync() => home.QuarantineAsync(entity);

    /// <summary>What the run says it has done, and which rows its report lists as let in.</summary>
    public async Task<(long Before, long Released, long Held, long FilesReread, string Listed)> AccountAsync(long run)
    {
        var outputs = JsonNode.Parse((await services.GetRequiredService<RunReader>().TaskInstancesAsync(run, CancellationToken.None)).Single().Outputs!)!;
        long Number(string name) => outputs[name]!.GetValue<long>();
        return (Number("rowsBefore"), Number("rowsReleased"), Number("rowsHeld"), Number("filesReread"),
            await File.ReadAllTextAsync(home.Path_($"{outputs["reportPath"]!.GetValue<string>()}/released.csv")));
    }

    /// <summary>Rows that replays of this table have let in, by their own account.</summary>
    public Task<long> ReleasedAsync() => ScalarAsync<long>(
        $"select coalesce(sum(r.rows_released), 0)::bigint from quality.replay r join quality.validation_result v using (validation_result_id) where v.entity = '{entity}'");

    /// <summary>Lines of bronze that are not in quarantine, with repetitions: what preparation sees.</summary>
    public Task<IReadOnlyList<long>> GoodLinesAsync() => home.GoodLinesAsync(entity);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        home.Dispose();
    }

    private async Task WaitAsync(string condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(PollInterval);
        while (!await ScalarAsync<bool>(condition))
            await timer.WaitForNextTickAsync(patience.Token);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = postgres.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
