using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Shouldly;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>A database with runs of publishing tasks in it, and what must hold of it whatever was killed.</summary>
internal sealed class FaultSite : IAsyncDisposable
{
    private readonly PostgresFixture postgres;
    private readonly TestOrchestrator watcher;
    private readonly List<long> runs = [];

    private FaultSite(PostgresFixture postgres, TestOrchestrator watcher)
    {
        this.postgres = postgres;
        this.watcher = watcher;
    }

    public string Database => postgres.ConnectionString;

    public static async Task<FaultSite> CreateAsync()
    {
        var postgres = new PostgresFixture();
        await postgres.InitializeAsync();
        // Never started: it creates runs and reads them.
        var site = new FaultSite(postgres, await TestOrchestrator.CreateAsync(postgres));
        await site.ExecuteAsync("create table public.published (run_id bigint not null, task_id text not null, attempt_id bigint not null primary key)");
        return site;
    }

    /// <summary>A run of layers of steps, each step below all of the layer above.</summary>
    public async Task<long> CreateRunAsync(int layers, int width, int lines = 3, int millisecondsPerLine = 5)
    {
        var names = Enumerable.Range(0, layers).Select(l => Enumerable.Range(0, width).Select(w => $"s{l}_{w}").ToList()).ToList();
        var inputs = new JsonObject { ["lines"] = lines, ["millisecondsPerLine"] = millisecondsPerLine };
        var settings = new TaskSettings { Retries = 0, InfraRetries = 1000, RetryDelay = TimeSpan.FromMilliseconds(50) };
        var dag = new Dag(
            $"dag_{Guid.NewGuid():n}", "faults", null, new DagSettings { MaxActiveTasks = 5 }, [],
            [.. names.SelectMany(l => l).Select(n => new DagTask(n, "Fault.Step", n, (JsonObject)inputs.DeepClone(), settings))],
            [.. names.Zip(names.Skip(1)).SelectMany(p => p.First.SelectMany(from => p.Second.Select(to => new DagEdge(from, to))))]);
        runs.Add(await watcher.CreateRunAsync(dag));
        return runs[^1];
    }

    public async Task<bool> IsFinishedAsync() =>
        await ScalarAsync<bool>("select bool_and(state in ('success', 'failed')) from orchestration.dag_run where run_id = any(@ids)", new { ids = runs.ToArray() });

    /// <summary>Waits until every run has ended by itself.</summary>
    public async Task WaitAsync()
    {
        foreach (var run in runs)
            await watcher.WaitAsync(run, r => r.State is "success" or "failed", TimeSpan.FromMinutes(3));
    }

    /// <summary>All runs succeeded, each step's publish under its successful attempt is there, logs are whole, the invariants hold, and nothing failed but lost workers and what could not reach the database.</summary>
    public async Task MustHoldAsync()
    {
        (await ScalarAsync<string>("select string_agg(distinct state, ',') from orchestration.dag_run where run_id = any(@ids)", new { ids = runs.ToArray() })).ShouldBe("success");
        (await ScalarAsync<string?>("select string_agg(distinct cause, ',') from orchestration.task_attempt where state = 'failed' and cause not in ('worker_lost', 'dependency') and run_id = any(@ids)", new { ids = runs.ToArray() })).ShouldBeNull();
        (await ScalarAsync<long>(
            """
            select count(*)
            from orchestration.task_instance t
            left join public.published p on p.attempt_id = t.attempt_id
            where t.run_id = any(@ids) and p.attempt_id is null
            """,
            new { ids = runs.ToArray() })).ShouldBe(0, "each successful attempt has published");
        (await ScalarAsync<long>(
            """
            select count(*)
            from public.published p
            where not exists (select from orchestration.event e where e.attempt_id = p.attempt_id and e.kind = 'publish')
            """)).ShouldBe(0, "what is published stands in the event log");
        (await ScalarAsync<long>(
            """
            select count(*)
            from (
              select attempt_id, message, row_number() over (partition by attempt_id order by log_id) as n
              from orchestration.attempt_log where message like 'line %'
            ) l
            where message <> 'line ' || n
            """)).ShouldBe(0, "each log is a prefix of what was logged");
        (await ScalarAsync<long>(
            """
            select count(*)
            from orchestration.task_instance t
            where t.run_id = any(@ids)
              and (select count(*) from orchestration.attempt_log l where l.attempt_id = t.attempt_id and l.message like 'line %') < 3
            """,
            new { ids = runs.ToArray() })).ShouldBe(0, "the log of an attempt that succeeded is whole");
        (await new RunInvariants(postgres.DataSource).ViolationsAsync()).ShouldBeEmpty();
    }

    public Task<long> LostAsync() => ScalarAsync<long>("select count(*) from orchestration.task_attempt where cause = 'worker_lost'");

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await watcher.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
