using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EcomWorkflows.TestKit;

/// <summary>
/// Runs DAGs in this process for a test: the engine is the real one, the database a real PostgreSQL, the time virtual. Waits (retry delays, sensors, Core.Wait) take
/// no real time; the clock moves on when nothing is running.
/// </summary>
public sealed class DagTestHost : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    // What is due already is looked for again by a timer of the node, which must be passed.
    private static readonly TimeSpan Nudge = TimeSpan.FromMilliseconds(10);

    private readonly IHost host;
    private readonly TestDatabase database;
    private readonly string home;

    private DagTestHost(IHost host, TestDatabase database, string home)
    {
        this.host = host;
        this.database = database;
        this.home = home;
    }

    public Faults Faults => Get<Faults>();

    public VirtualTime Time => Get<VirtualTime>();

    /// <summary>Real time a run may take before the test is given up.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Makes a fresh database and starts a node on it.</summary>
    /// <param name="connectionString">A PostgreSQL server on which databases may be created.</param>
    /// <param name="configure">Registers the task types under test and what they need.</param>
    public static async Task<DagTestHost> StartAsync(string connectionString, Action<IServiceCollection> configure)
    {
        var database = await TestDatabase.CreateAsync(connectionString);
        var home = Directory.CreateTempSubdirectory("ecom-testkit-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var time = new VirtualTime(TimeProvider.System.GetUtcNow());
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(database.ConnectionString));
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<FaultClock>();
        builder.Services.AddEcomOrchestration(new OrchestrationOptions
        {
            WorkRoot = Path.Combine(home, "work"),
            KeyFolder = Path.Combine(home, "keys"),
            Lease = FaultClock.Lease,
            PollInterval = TimeSpan.FromMilliseconds(100),
        });
        builder.Services.AddEcomSchedules();
        builder.Services.AddEcomNode();
        configure(builder.Services);
        FaultPoints.Insert(builder.Services);
        var host = builder.Build();
        await host.Services.GetRequiredService<Migrator>().ApplyAsync(CancellationToken.None);
        await host.StartAsync();
        return new DagTestHost(host, database, home);
    }

    /// <summary>Any service of the engine, for example a store to look deeper.</summary>
    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Reads a DAG from an Elsa file.</summary>
    /// <exception cref="DagTestException">The file has problems; the message lists them.</exception>
    public async Task<Dag> LoadAsync(string file)
    {
        var document = await DagFolder.ReadFileAsync(file, Get<TaskRegistry>(), CancellationToken.None);
        return document.Dag ?? throw new DagTestException($"{file} is no DAG:\n  {string.Join("\n  ", document.Problems.Select(p => $"{p.Place}: {p.Message}"))}");
    }

    /// <summary>Runs a DAG to its end.</summary>
    /// <exception cref="DagTestException">The DAG is wrong, or its run does not end.</exception>
    public async Task<TestedRun> RunAsync(Dag dag, JsonObject? parameters = null, DateTimeOffset? logicalDate = null)
    {
        var inProcess = dag with { Tasks = [.. dag.Tasks.Select(t => t with { Settings = t.Settings with { Isolation = TaskIsolation.InProcess, MemoryLimitMegabytes = null } })] };
        if (DagValidator.Problems(inProcess) is { Count: > 0 } problems)
            throw new DagTestException($"DAG {dag.DagId} is wrong:\n  {string.Join("\n  ", problems.Select(p => $"{p.Place}: {p.Message}"))}");
        var document = JsonSerializer.Serialize(inProcess, TaskJson.Options);
        await Get<DagStore>().ImportAsync(inProcess, document, DagHash.Compute(inProcess), default(SourceFile), "test", CancellationToken.None);
        var started = Time.GetUtcNow();
        var run = await Get<ManualRuns>().TriggerAsync(dag.DagId, parameters, logicalDate, "test", CancellationToken.None);
        return await FollowAsync(run.RunId, started);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    /// <summary>Waits for the end of a run and moves the clock on whenever all that is left is to wait.</summary>
    private async Task<TestedRun> FollowAsync(long runId, DateTimeOffset started)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var run = await Get<RunReader>().GetAsync(runId, CancellationToken.None);
            if (run.State is "success" or "failed")
                return await ReadAsync(run, Time.GetUtcNow() - started);
            if (patience.IsCancellationRequested)
                throw new DagTestException($"The run does not end within {Patience} of real time; {(await ReadAsync(run, Time.GetUtcNow() - started))}");
            if (await NextAsync(runId) is { } next)
                Time.AdvanceTo(next > Time.GetUtcNow() ? next : Time.GetUtcNow() + Nudge);
            await Task.Delay(Look, CancellationToken.None);
        }
    }

    /// <summary>What the clock may move to: the end of a planned delay; where nothing runs, the next thing that is due.</summary>
    private async Task<DateTimeOffset?> NextAsync(long runId)
    {
        if (Get<FaultClock>().Next is { } fault)
            return fault;
        var instances = await Get<RunReader>().TaskInstancesAsync(runId, CancellationToken.None);
        return instances.Any(t => t.State is "queued" or "running" or "restarting" or "scheduled") ? null : await Get<SweepStore>().NextDueAsync(CancellationToken.None);
    }

    private async Task<TestedRun> ReadAsync(RunInfo run, TimeSpan duration)
    {
        var attempts = (await Get<RunReader>().AttemptsAsync(run.RunId, null, CancellationToken.None)).ToLookup(a => a.TaskInstanceId);
        var instances = await Get<RunReader>().TaskInstancesAsync(run.RunId, CancellationToken.None);
        return new TestedRun(
            run.RunId, run.State, duration,
            [.. instances.Select(t => new TestedTask(
                t.TaskId, t.MapIndex, t.State, t.Cause, t.Message, [.. attempts[t.TaskInstanceId].OrderBy(a => a.TryNumber).Select(a => a.State)], t.Outputs, t.StartedAt))]);
    }
}
