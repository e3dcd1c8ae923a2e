using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Npgsql;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

/// <summary>The scheduler's parts over a database of their own, under a clock the test sets; no node runs, so tests say themselves how runs end.</summary>
internal sealed class SchedulingSite : IAsyncDisposable
{
    private readonly PostgresFixture postgres;

    private SchedulingSite(PostgresFixture postgres, TestOrchestrator orchestrator, VirtualTime time)
    {
        this.postgres = postgres;
        Orchestrator = orchestrator;
        Time = time;
    }

    public TestOrchestrator Orchestrator { get; }

    public VirtualTime Time { get; }

    public NpgsqlDataSource Database => postgres.DataSource;

    public static async Task<SchedulingSite> CreateAsync(string now)
    {
        var postgres = new PostgresFixture();
        await postgres.InitializeAsync();
        var time = new VirtualTime(now);
        return new SchedulingSite(postgres, await TestOrchestrator.CreateAsync(postgres, time: time), time);
    }

    public T Get<T>()
        where T : notnull => Orchestrator.Get<T>();

    public Task<int> TickAsync() => Get<DagTicker>().TickAsync(CancellationToken.None);

    public async Task<int> TickAtAsync(string now)
    {
        Time.Now = DateTimeOffset.Parse(now);
        return await TickAsync();
    }

    /// <summary>A DAG of one task.</summary>
    public async Task<Dag> ImportAsync(DagSettings settings, string? dagId = null, TaskSettings? task = null, params DagParam[] parameters)
    {
        var dag = DagFactory.Make("a", task, dag: settings, parameters: parameters);
        dag = dag with { DagId = dagId ?? dag.DagId };
        await Orchestrator.ImportAsync(dag);
        return dag;
    }

    /// <summary>Runs, oldest logical date first.</summary>
    public async Task<IReadOnlyList<RunInfo>> RunsAsync(string dagId) =>
        [.. (await Orchestrator.Runs.ListAsync(dagId, null, 10_000, null, CancellationToken.None)).OrderBy(r => r.LogicalDate).ThenBy(r => r.RunId)];

    public async Task<IEnumerable<string>> DatesAsync(string dagId) => (await RunsAsync(dagId)).Select(r => r.LogicalDate.UtcDateTime.ToString("yyyy-MM-dd HH:mm"));

    /// <summary>Ends all active runs of a DAG, as their tasks would.</summary>
    public Task EndRunsAsync(string dagId, string state = "success") => ExecuteAsync(
        """
        update orchestration.task_instance set state = @state, ended_at = now() where dag_id = @dagId and state not in ('success', 'failed', 'skipped');
        update orchestration.dag_run set state = @state, unfinished = 0, ended_at = now() where dag_id = @dagId and state in ('queued', 'running')
        """,
        new { dagId, state });

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Orchestrator.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
