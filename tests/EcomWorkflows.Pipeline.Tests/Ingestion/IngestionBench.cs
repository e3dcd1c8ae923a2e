using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

/// <summary>A home folder, a migrated lake catalog and an engine that publishes as the real one does, for one test.</summary>
internal sealed class IngestionBench : IAttemptServices, IDisposable
{
    private readonly PostgresFixture postgres;
    private long attempts;

    private IngestionBench(PostgresFixture postgres, string home)
    {
        this.postgres = postgres;
        Home = home;
        Options = new PipelineOptions
        {
            Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions"), Threads = 2,
        };
        Lake = new LakeStore(postgres.DataSource, Options, TimeProvider.System);
    }

    public string Home { get; }

    public PipelineOptions Options { get; set; }

    public LakeStore Lake { get; }

    public StoredConnections Connections { get; private set; } = new(null);

    /// <summary>Where the attempts' lease is lost: their publishing is refused after their statements ran.</summary>
    public bool Fenced { get; set; }

    /// <param name="home">The home folder; a temporary one where it is not given.</param>
    public static async Task<IngestionBench> CreateAsync(PostgresFixture postgres, string? home = null)
    {
        var sets = new[] { new MigrationSet("lake", typeof(LakeRegistration).Assembly, "EcomWorkflows.Pipeline.Lake.Migrations.", 10) };
        await new Migrator(postgres.DataSource, sets).ApplyAsync(CancellationToken.None);
        var bench = new IngestionBench(postgres, home ?? Directory.CreateTempSubdirectory("ecom-ingest-").FullName);
        Directory.CreateDirectory(Path.Combine(bench.Home, "workflows", "sources"));
        return bench;
    }

    /// <summary>Writes a mapping with one entity and returns the source's name, which no other test uses.</summary>
    public string Map(object format, object columns, string kind = "file", string location = "{file}", string entity = "events", object? drift = null, string? connection = null, int? keepRawDays = null)
    {
        var source = $"s{Guid.NewGuid():N}";
        var mapping = new
        {
            source, description = "test", entities = new Dictionary<string, object> { [entity] = new { kind, location, format, suite = (string?)null, columns, connection, keepRawDays, drift = drift ?? new { } } },
            silver = new { }, activity = new { eventTypes = Array.Empty<string>() }, churn = new { outcomeDays = 30, embargoDays = 1 },
        };
        File.WriteAllText(Path.Combine(Home, "workflows", "sources", $"{source}.json"), JsonSerializer.Serialize(mapping));
        return source;
    }

    /// <summary>Stores a connection, as <c>ecom connections set</c> does.</summary>
    public async Task ConnectAsync(ConnectionChange connection)
    {
        await new Migrator(postgres.DataSource, [new MigrationSet("orchestration", typeof(ConnectionStore).Assembly, "EcomWorkflows.Orchestration.Storage.Migrations.", 0)])
            .ApplyAsync(CancellationToken.None);
        var store = new ConnectionStore(postgres.DataSource, new SecretBox(new OrchestrationOptions { WorkRoot = Path.Combine(Home, "work") }), new SecretMasker());
        await store.SetAsync(connection, "test", CancellationToken.None);
        Connections = new StoredConnections(store);
    }

    /// <summary>Uses the repository's own mapping of a source.</summary>
    public string UseMapping(string name)
    {
        File.Copy(Path.Combine(RepositoryRoot.Path, "workflows", "sources", $"{name}.json"), Path.Combine(Home, "workflows", "sources", $"{name}.json"), overwrite: true);
        return name;
    }

    public string WriteFile(string name, string text, Encoding? encoding = null) => WriteFile(name, (encoding ?? new UTF8Encoding(false)).GetBytes(text));

    public string WriteFile(string name, byte[] bytes)
    {
        var path = Path.Combine(Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(bytes);
        return path;
    }

    public async Task<IngestOutputs> IngestAsync(string source, string file = "", string entity = "events", CancellationToken cancellationToken = default)
    {
        using var http = IngestionRegistration.NewClient();
        var task = new IngestTask(new SourceCatalog(Options), Lake, Options, http, new ObjectStores(Connections, Options), Connections);
        var result = await task.RunAsync(new IngestInputs { Source = source, Entity = entity, File = file }, Context(), cancellationToken);
        return ((TaskResult<IngestOutputs>.Succeeded)result).Outputs;
    }

    /// <summary>A context of a new attempt of a new run.</summary>
    /// <param name="moment">When a run without a schedule was made; null for one of a day.</param>
    public TaskContext Context(long? run = null, DateTimeOffset? moment = null)
    {
        var attempt = Interlocked.Increment(ref attempts) + (Environment.ProcessId * 1_000_000L);
        var work = Path.Combine(Home, "work", attempt.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(work);
        var day = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
        return new TaskContext(this)
        {
            Attempt = new AttemptIdentity(attempt, run ?? attempt, "churn-daily", "manual", 1, "ingest_events", -1, 1),
            RunType = "manual", LogicalDate = moment ?? day, DataIntervalStart = moment ?? day, DataIntervalEnd = moment ?? day.AddDays(1), Params = new JsonObject(),
            Logger = NullLogger.Instance, Time = TimeProvider.System, WorkFolder = work, Settings = new TaskSettings(),
        };
    }

    /// <summary>Rows of a query in which {bronze} and {rejects} stand for the entity's current tables.</summary>
    public async Task<IReadOnlyList<object?[]>> QueryAsync(string source, string sql, string entity = "events")
    {
        var name = source.Replace('-', '_');
        var bronze = await Lake.CurrentAsync(new LakeTableName("bronze", name, entity), CancellationToken.None);
        var rejects = await Lake.CurrentAsync(new LakeTableName("rejects", name, entity), CancellationToken.None);
        using var duck = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true });
        var filled = sql.Replace("{bronze}", Lake.Scan(bronze!), StringComparison.Ordinal).Replace("{rejects}", Lake.Scan(rejects!), StringComparison.Ordinal);
        return duck.QueryRows(filled, row => Enumerable.Range(0, row.FieldCount).Select(row.GetValue).ToArray());
    }

    public async Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await publish(new PublishScope(connection, transaction, attempt), cancellationToken);
        if (Fenced)
            throw new AttemptFencedException(attempt.AttemptId, "its lease ran out");
        await transaction.CommitAsync(cancellationToken);
    }

    public Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JsonElement>>([]);

    public void ReportProgress(AttemptIdentity attempt, double? fraction, string? message)
    {
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
