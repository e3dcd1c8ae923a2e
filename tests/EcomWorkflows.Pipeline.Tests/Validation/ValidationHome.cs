using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Replay;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A home folder and a database in which attempts of the validation task run.</summary>
internal sealed class ValidationHome : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("ecom-validation-").FullName;
    private readonly ServiceProvider services;
    private readonly PostgresFixture postgres;

    public ValidationHome(PostgresFixture postgres)
    {
        this.postgres = postgres;
        Options = new PipelineOptions { Home = folder, WorkflowsFolder = Path.Combine(folder, "workflows"), DataVersionsFolder = Path.Combine(folder, "data-versions") };
        services = new ServiceCollection().AddSingleton(postgres.DataSource).AddLogging().AddEcomPipeline(Options).BuildServiceProvider();
    }

    public PipelineOptions Options { get; }

    public LakeStore Lake => services.GetRequiredService<LakeStore>();

    public QualityResults Results => services.GetRequiredService<QualityResults>();

    public Task MigrateAsync() => new Migrator(postgres.DataSource, services.GetServices<MigrationSet>()).ApplyAsync(CancellationToken.None);

    public string Folder => folder;

    public string Path_(string relative) => Path.Combine(folder, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path_(relative))!);
        File.WriteAllText(Path_(relative), text);
    }

    /// <summary>An attempt of a run; <paramref name="stale"/> ones are refused when they publish, and those that do not commit fail at the very end of it.</summary>
    /// <param name="beforePublish">What somebody else does just before the attempt publishes.</param>
    public TaskContext Attempt(long runId, long attemptId, bool stale = false, bool commits = true, Func<Task>? beforePublish = null) =>
        new(new Services(postgres, stale, commits, beforePublish))
    {
        Attempt = new AttemptIdentity(attemptId, runId, "churn-daily", $"manual__{runId}", 1, "validate_events", -1, 1),
        RunType = "manual",
        LogicalDate = Start,
        DataIntervalStart = Start,
        DataIntervalEnd = Start.AddDays(1),
        Params = [],
        Logger = NullLogger.Instance,
        Time = TimeProvider.System,
        WorkFolder = Directory.CreateDirectory(Path_($"work/{attemptId}")).FullName,
        Settings = new TaskSettings(),
    };

    public async Task PublishAsync(TaskContext context, LakeTableName table, string rows)
    {
        var file = Lake.NewFile(context, table);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.Execute($"copy ({rows}) to {DuckDbSql.Literal(file)} (format parquet)");
        var columns = LakeStore.Columns(duck, file, CancellationToken.None);
        var described = await Lake.DescribeAsync(file, CancellationToken.None);
        await context.PublishAsync((scope, token) => Lake.PublishAsync(scope, context, table, [described], columns, token), CancellationToken.None);
    }

    public Task<ValidateOutputs> ValidateAsync(TaskContext context, string source = "shop", string entity = "events") =>
        RunAsync<ValidateInputs, ValidateOutputs>("Ecom.Validate", new ValidateInputs { Source = source, Entity = entity }, context);

    /// <summary>Why a replay skipped itself.</summary>
    public async Task<string> SkippedAsync(string type, ReplayInputs inputs, TaskContext context)
    {
        var task = (ITask<ReplayInputs, ReplayOutputs>)services.GetRequiredService(services.GetServices<TaskDescriptor>().Single(descriptor => descriptor.Name == type).TaskClass);
        return ((TaskResult<ReplayOutputs>.Skipped)await task.RunAsync(inputs, context, CancellationToken.None)).Reason;
    }

    /// <summary>The outputs of a task of the pipeline.</summary>
    public async Task<TOutputs> RunAsync<TInputs, TOutputs>(string type, TInputs inputs, TaskContext context)
        where TInputs : class
        where TOutputs : class
    {
        var task = (ITask<TInputs, TOutputs>)services.GetRequiredService(services.GetServices<TaskDescriptor>().Single(descriptor => descriptor.Name == type).TaskClass);
        return ((TaskResult<TOutputs>.Succeeded)await task.RunAsync(inputs, context, CancellationToken.None)).Outputs;
    }

    public async Task<IReadOnlyList<string>> QuarantineAsync(string entity = "events")
    {
        var snapshot = await Lake.CurrentAsync(new LakeTableName("quarantine", "shop", entity), CancellationToken.None);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        return duck.QueryRows($"select file || ':' || line || ' ' || array_to_string(rules, '+') from {Lake.Scan(snapshot!)} order by file, line", row => row.Get<string>(0));
    }

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class Services(PostgresFixture postgres, bool stale, bool commits, Func<Task>? beforePublish) : IAttemptServices
    {
        public async Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
        {
            if (stale)
                throw new AttemptFencedException(attempt.AttemptId, "its lease ran out");
            await (beforePublish?.Invoke() ?? Task.CompletedTask);
            await using var connection = await postgres.DataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await publish(new PublishScope(connection, transaction, attempt), cancellationToken);
            if (!commits)
                throw new IOException("the connection broke");
            await transaction.CommitAsync(cancellationToken);
        }

        public Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<JsonElement>>([]);

        public void ReportProgress(AttemptIdentity attempt, double? fraction, string? message)
        {
        }
    }

    /// <summary>Lines of bronze that are not in quarantine, with repetitions: what preparation sees.</summary>
    public async Task<IReadOnlyList<long>> GoodLinesAsync(string entity)
    {
        var bronze = await Lake.CurrentAsync(new LakeTableName("bronze", "shop", entity), CancellationToken.None);
        var quarantine = await Lake.CurrentAsync(new LakeTableName("quarantine", "shop", entity), CancellationToken.None);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        return duck.QueryRows(
            $"select b._line from {Lake.Scan(bronze!)} b anti join {Lake.Scan(quarantine!)} q on q.file = b._file and q.line = b._line order by 1", row => row.Get<long>(0));
    }

    /// <summary>A source <c>shop</c> of one file, with the columns <c>user_id</c>, <c>kind</c> and <c>day</c>.</summary>
    /// <param name="day">Type of the last column.</param>
    public void WriteReplayedSource(string entity, string day) => Write(
        "workflows/sources/shop.json",
        $$"""
        { "source": "shop", "description": "", "entities": {
            "{{entity}}": { "kind": "file", "location": "data/{{entity}}/e.csv", "suite": "shop/{{entity}}",
              "format": { "type": "csv", "delimiter": ",", "quote": "\"", "encoding": "utf-8", "header": true, "date": "%Y-%m-%d", "nulls": [""], "decimal": "." },
              "columns": [ { "name": "user_id", "type": "varchar" }, { "name": "kind", "type": "varchar" }, { "name": "day", "type": "{{day}}" } ] } },
          "silver": {}, "activity": { "eventTypes": [] }, "churn": { "outcomeDays": 1, "embargoDays": 1 } }
        """);

    /// <summary>A suite that quarantines rows without a user and of other kinds.</summary>
    public void WriteReplayedSuite(string entity, string kinds, string severity = "warning") => Write(
        $"workflows/expectations/shop/{entity}.json",
        $$"""
        { "name": "shop/{{entity}}", "expectations": [
          { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "user_id" }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "no_user" } },
          { "type": "expect_column_values_to_be_in_set", "kwargs": { "column": "kind", "value_set": {{kinds}} }, "severity": "{{severity}}", "meta": { "on_fail": "quarantine", "code": "kind" } }
        ] }
        """);
}
