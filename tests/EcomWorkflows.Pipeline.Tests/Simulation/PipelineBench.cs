using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

/// <summary>Runs the pipeline's real tasks one after the other on a real database, as attempts of one run; without the engine's queue and leases.</summary>
internal sealed class PipelineBench : IAttemptServices, IAsyncDisposable
{
    private readonly DateTimeOffset until;
    private readonly ServiceProvider services;
    private readonly NpgsqlDataSource database;
    private long attempts;

    private PipelineBench(PipelineOptions options, string connection, DateTimeOffset until)
    {
        this.until = until;
        database = NpgsqlDataSource.Create(connection);
        services = new ServiceCollection().AddLogging().AddSingleton(database).AddEcomPipeline(options).BuildServiceProvider();
    }

    public IServiceProvider Services => services;

    /// <param name="until">End of the run's data interval, which is a day long.</param>
    public static async Task<PipelineBench> StartAsync(string home, string connection, string server, DateTimeOffset until)
    {
        var options = new PipelineOptions
        {
            Home = home,
            WorkflowsFolder = Path.Combine(RepositoryRoot.Path, "workflows"),
            DataVersionsFolder = Path.Combine(home, "data-versions"),
            ServerAddress = server,
        };
        var bench = new PipelineBench(options, connection, until);
        await new Migrator(bench.database, bench.services.GetServices<MigrationSet>()).ApplyAsync(CancellationToken.None);
        return bench;
    }

    public async Task<TOutputs> RunAsync<TInputs, TOutputs>(ITask<TInputs, TOutputs> task, TInputs inputs)
        where TInputs : class
        where TOutputs : class
    {
        var attempt = Interlocked.Increment(ref attempts);
        var options = services.GetRequiredService<PipelineOptions>();
        var context = new TaskContext(this)
        {
            Attempt = new AttemptIdentity(attempt, 1, "churn-daily", "manual__1", 1, task.GetType().Name, -1, 1),
            RunType = "manual",
            LogicalDate = until.AddDays(-1),
            DataIntervalStart = until.AddDays(-1),
            DataIntervalEnd = until,
            Params = new JsonObject(),
            Logger = NullLogger.Instance,
            Time = TimeProvider.System,
            WorkFolder = Directory.CreateDirectory(Path.Combine(options.Home, "work", $"{attempt}")).FullName,
            Settings = new TaskSettings(),
        };
        var result = await task.RunAsync(inputs, context, CancellationToken.None);
        return ((TaskResult<TOutputs>.Succeeded)result).Outputs;
    }

    public async Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await publish(new PublishScope(connection, transaction, attempt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JsonElement>>([]);

    public void ReportProgress(AttemptIdentity attempt, double? fraction, string? message)
    {
        // Nobody watches.
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }
}
