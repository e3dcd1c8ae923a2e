using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>One node over a real database, with scripted tasks.</summary>
public sealed class TestOrchestrator : IAsyncDisposable
{
    /// <summary>How long a test waits for what must come; on an idle machine it comes within a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IHost host;

    private readonly string home;

    private TestOrchestrator(IHost host, Scripts scripts, string home)
    {
        this.host = host;
        this.home = home;
        Scripts = scripts;
    }

    public Scripts Scripts { get; }

    public IServiceProvider Services => host.Services;

    public RunReader Runs => Get<RunReader>();

    public static async Task<TestOrchestrator> CreateAsync(
        PostgresFixture postgres, Scripts? scripts = null, Func<OrchestrationOptions, OrchestrationOptions>? configure = null, bool scheduler = false,
        TimeProvider? time = null, string? database = null, Action<IServiceCollection>? services = null)
    {
        scripts ??= new Scripts();
        var home = Directory.CreateTempSubdirectory("ecom-orchestration-").FullName;
        var options = new OrchestrationOptions
        {
            WorkRoot = Path.Combine(home, "work"),
            KeyFolder = Path.Combine(home, "keys"),
            SweepInterval = TimeSpan.FromMilliseconds(200),
            PollInterval = TimeSpan.FromMilliseconds(500),
            CancelGrace = TimeSpan.FromSeconds(1),
        };
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(OrchestrationDatabase.Open(database ?? postgres.ConnectionString));
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.AddEcomOrchestration(configure?.Invoke(options) ?? options);
        builder.Services.AddEcomSchedules();
        builder.Services.AddEcomNode();
        if (scheduler)
            builder.Services.AddEcomScheduler(database ?? postgres.ConnectionString);
        builder.Services.AddSingleton(scripts);
        builder.Services.AddTask<ScriptedTask>();
        builder.Services.AddTask<ListerTask>();
        services?.Invoke(builder.Services);
        var host = builder.Build();
        await host.Services.GetRequiredService<Migrator>().ApplyAsync(CancellationToken.None);
        return new TestOrchestrator(host, scripts, home);
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public Task StartAsync() => host.StartAsync();

    public Task StopAsync() => host.StopAsync();

    public async Task<long> RunAsync(Dag dag, JsonObject? parameters = null)
    {
        var run = await CreateRunAsync(dag, parameters);
        await WaitAsync(run, r => r.State is "success" or "failed");
        return run;
    }

    public async Task<long> CreateRunAsync(Dag dag, JsonObject? parameters = null)
    {
        await ImportAsync(dag);
        return (await Get<ManualRuns>().TriggerAsync(dag.DagId, parameters, null, "test", CancellationToken.None)).RunId;
    }

    public Task ImportAsync(Dag dag)
    {
        var json = JsonSerializer.Serialize(dag, TaskJson.Options);
        return Get<DagStore>().ImportAsync(dag, json, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))), default(SourceFile), "test", CancellationToken.None);
    }

    public async Task<RunInfo> WaitAsync(long runId, Func<RunInfo, bool> until, TimeSpan? atMost = null)
    {
        using var patience = new CancellationTokenSource(atMost ?? Patience);
        while (true)
        {
            var run = await Runs.GetAsync(runId, CancellationToken.None);
            if (until(run))
                return run;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Run {runId} stays {run.State}: {await DescribeAsync(runId)}");
            await Task.Delay(20);
        }
    }

    /// <param name="expected">What is waited for, in words.</param>
    public async Task WaitUntilAsync(Func<Task<bool>> isSo, string expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Waited {Patience} in vain: {expected}.");
            await Task.Delay(20);
        }
    }

    public async Task WaitForTaskAsync(long runId, string taskId, string state)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await StatesAsync(runId))[taskId] != state)
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Task {taskId} does not become {state}: {await DescribeAsync(runId)}");
            await Task.Delay(20);
        }
    }

    public async Task<Dictionary<string, string>> StatesAsync(long runId) =>
        (await Runs.TaskInstancesAsync(runId, CancellationToken.None)).ToDictionary(t => t.TaskId, t => t.State);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    private async Task<string> DescribeAsync(long runId) =>
        string.Join(", ", (await Runs.TaskInstancesAsync(runId, CancellationToken.None)).Select(t => $"{t.TaskId}={t.State}({t.TryNumber}) {t.Message}"));
}
