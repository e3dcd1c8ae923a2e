using System.Diagnostics;
using System.Text.Json;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>One node with the product's own settings, but for its number of slots and the pool's.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    public const int Slots = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly IHost host;

    private BenchNode(IHost host, TaskTimes times)
    {
        this.host = host;
        Times = times;
    }

    public TaskTimes Times { get; }

    /// <param name="addTasks">Registers what else the node can run.</param>
    public static async Task<BenchNode> StartAsync(
        string connectionString, string workRoot, CancellationToken cancellationToken, Action<IServiceCollection>? addTasks = null)
    {
        var times = new TaskTimes();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Quartz", LogLevel.Error).AddSimpleConsole();
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(OrchestrationDatabase.Open(connectionString));
        builder.Services.AddEcomOrchestration(new OrchestrationOptions { WorkRoot = workRoot, Slots = Slots });
        builder.Services.AddEcomSchedules();
        builder.Services.AddEcomNode();
        builder.Services.AddEcomScheduler(connectionString);
        builder.Services.AddSingleton(times);
        builder.Services.AddTask<WorkTask>();
        addTasks?.Invoke(builder.Services);
        var host = builder.Build();
        await host.Services.GetRequiredService<Migrator>().ApplyAsync(cancellationToken);
        await host.StartAsync(cancellationToken);
        return new BenchNode(host, times);
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public Task ImportAsync(Dag dag, CancellationToken cancellationToken) =>
        Get<DagStore>().ImportAsync(dag, JsonSerializer.Serialize(dag, TaskJson.Options), dag.DagId, (string?)null, "bench", cancellationToken);

    /// <summary>Triggers a DAG that was imported before and waits for its end.</summary>
    /// <returns>The run, and its wall time in milliseconds from the trigger to the last task's body.</returns>
    public async Task<(long RunId, double Milliseconds, double FirstTaskMilliseconds)> RunAsync(Dag dag, CancellationToken cancellationToken)
    {
        Times.Clear();
        var triggered = Stopwatch.GetTimestamp();
        var run = await Get<ManualRuns>().TriggerAsync(dag.DagId, null, null, "bench", cancellationToken);
        await WaitAsync(run.RunId, cancellationToken);
        return (run.RunId, Milliseconds.Between(triggered, Times.LastEnd()), Milliseconds.Between(triggered, Times.FirstStart()));
    }

    /// <param name="patience">Longest wait; three minutes where it is not given.</param>
    public async Task WaitAsync(long runId, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        while ((await Get<RunReader>().GetAsync(runId, cancellationToken)).State is var state && state != "success")
        {
            if (state == "failed" || Stopwatch.GetElapsedTime(started) > (patience ?? Patience))
            {
                var failed = (await Get<RunReader>().TaskInstancesAsync(runId, cancellationToken)).Where(task => task.State == "failed").Select(task => task.TaskId);
                throw new InvalidOperationException($"Run {runId} is {state} after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s. Failed: {string.Join(", ", failed)}.");
            }
            await Task.Delay(50, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
