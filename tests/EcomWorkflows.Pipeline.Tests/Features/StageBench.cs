using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EcomWorkflows.Pipeline.Tests.Features;

/// <summary>Runs stages one by one on a real database and a lake in a temporary home, with a publish that can be made to fail.</summary>
internal sealed class StageBench : IAsyncDisposable, IAttemptServices
{
    private readonly ServiceProvider services;
    private readonly Dictionary<string, object> outputs = [];
    private long attempts;

    private StageBench(ServiceProvider services, PipelineOptions options, BenchTime time)
    {
        this.services = services;
        Options = options;
        Time = time;
    }

    public PipelineOptions Options { get; }

    public BenchTime Time { get; }

    /// <summary>What the next publishes do.</summary>
    public PublishFate Fate { get; set; } = PublishFate.Commit;

    /// <param name="mappings">Source mappings by file name; null for those of the repository.</param>
    /// <param name="withOrchestrator">Whether the orchestrator's tables are there too: its event log, its assets.</param>
    public static async Task<StageBench> CreateAsync(PostgresFixture postgres, IReadOnlyDictionary<string, string>? mappings = null, bool withOrchestrator = false)
    {
        var home = Directory.CreateTempSubdirectory("ecom-stage-").FullName;
        var workflows = Path.Combine(RepositoryRoot.Path, "workflows");
        if (mappings is not null)
        {
            workflows = Path.Combine(home, "workflows");
            Directory.CreateDirectory(Path.Combine(workflows, "sources"));
            foreach (var (name, json) in mappings)
                await File.WriteAllTextAsync(Path.Combine(workflows, "sources", name + ".json"), json);
        }
        var options = new PipelineOptions { Home = home, WorkflowsFolder = workflows, DataVersionsFolder = Path.Combine(home, "data-versions"), Threads = 2 };
        var time = new BenchTime();
        var collection = new ServiceCollection();
        if (withOrchestrator)
            collection.AddEcomOrchestration(new OrchestrationOptions { WorkRoot = Path.Combine(home, "work") });
        var services = collection
            .AddLogging()
            .AddSingleton(NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync()))
            .AddSingleton<TimeProvider>(time)
            .AddEcomPipeline(options)
            .BuildServiceProvider();
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        await new Migrator(services.GetRequiredService<NpgsqlDataSource>(), services.GetServices<MigrationSet>()).ApplyAsync(CancellationToken.None);
        return new StageBench(services, options, time);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public TaskContext Context(long run = 1, string task = "task")
    {
        var attempt = ++attempts;
        var work = Path.Combine(Options.Home, "work", $"{attempt}");
        Directory.CreateDirectory(work);
        return new TaskContext(this)
        {
            Attempt = new AttemptIdentity(attempt, run, "churn-daily", $"manual__{run}", 1, task, -1, 1),
            RunType = "manual",
            LogicalDate = Time.GetUtcNow(),
            DataIntervalStart = Time.GetUtcNow().AddDays(-1),
            DataIntervalEnd = Time.GetUtcNow(),
            Params = [],
            Logger = NullLogger.Instance,
            Time = Time,
            WorkFolder = work,
            Settings = new TaskSettings(),
        };
    }

    public async Task<TOutputs> RunAsync<TTask, TInputs, TOutputs>(TInputs inputs, TaskContext? context = null)
        where TTask : ITask<TInputs, TOutputs>
        where TInputs : class
        where TOutputs : class
    {
        var result = await ActivatorUtilities.CreateInstance<TTask>(services).RunAsync(inputs, context ?? Context(), CancellationToken.None);
        return ((TaskResult<TOutputs>.Succeeded)result).Outputs;
    }

    /// <summary>Publishes the rows of a DuckDB SELECT as a lake table, as an earlier stage would.</summary>
    public async Task<LakeSnapshot> PublishTableAsync(LakeTableName table, string select, long run = 1)
    {
        var (lake, context) = (Get<LakeStore>(), Context(run));
        var path = lake.NewFile(context, table);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true });
        duck.Execute($"copy ({select}) to {DuckDbSql.Literal(path)} (format parquet)");
        var columns = LakeStore.Columns(duck, path, CancellationToken.None);
        var file = await lake.DescribeAsync(path, CancellationToken.None);
        LakeSnapshot? snapshot = null;
        await context.PublishAsync(async (scope, ct) => snapshot = await lake.PublishAsync(scope, context, table, file.Rows == 0 ? [] : [file], columns, ct), CancellationToken.None);
        return snapshot!;
    }

    /// <summary>Rows of a DuckDB SELECT over a lake table's current content, called <c>t</c>.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(LakeTableName table, string select, Func<DuckDbReader, T> map)
    {
        var snapshot = await Get<LakeStore>().CurrentAsync(table, CancellationToken.None) ?? throw new InvalidOperationException($"{table} was not published");
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.Execute($"create view t as select * from {Get<LakeStore>().Scan(snapshot)}");
        return duck.QueryRows(select, map);
    }

    public async Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        if (Fate == PublishFate.Fenced)
            throw new AttemptFencedException(attempt.AttemptId, "its lease ran out");
        await using var connection = await Get<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await publish(new PublishScope(connection, transaction, attempt), cancellationToken);
        if (Fate == PublishFate.CrashBeforeCommit)
            throw new OperationCanceledException("the process died before the commit");
        await transaction.CommitAsync(cancellationToken);
    }

    public Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JsonElement>>(outputs.TryGetValue(taskId, out var value) ? [JsonSerializer.SerializeToElement(value, TaskJson.Options)] : []);

    public void ReportProgress(AttemptIdentity attempt, double? fraction, string? message)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Directory.Delete(Options.Home, recursive: true);
    }
}
