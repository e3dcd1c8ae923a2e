using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Api.FeatureServer;
using EcomWorkflows.Server.Api.ModelServer;
using EcomWorkflows.Server.Api.Quality;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Testing.Web;

/// <summary>The real web face and a real node on a real database and port, with <c>churn-daily</c> on scripted tasks.</summary>
public sealed class WebServer : IAsyncDisposable
{
    public const string DagId = "churn-daily";

    private static readonly string[] StageTypes =
    [
        "Ecom.Ingest", "Ecom.Validate", "Ecom.Prepare", "Ecom.BuildFeatures", "Ecom.BuildTrainingSet", "Ecom.VersionDatasets", "Ecom.TrainChurn", "Ecom.ScoreChurn",
        "Ecom.SelectRetentionTargets", "Ecom.CheckScoreDrift", "Ecom.EvaluateOutcomes",
    ];

    private readonly WebApplication app;

    private WebServer(WebApplication app, string home)
    {
        this.app = app;
        Home = home;
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    public string Home { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    public StepScript Script => Services.GetRequiredService<StepScript>();

    /// <param name="isOpen">As in demo mode; otherwise only those who sign in get in.</param>
    /// <param name="scripted">False: the stages do their work, and no DAG is imported.</param>
    public static async Task<WebServer> StartAsync(string connectionString, bool isOpen = true, bool scripted = true)
    {
        var home = Directory.CreateTempSubdirectory("ecom-web").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
        builder.Services.AddEcomPipeline(
            new PipelineOptions { Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions") });
        if (scripted)
            AddScript(builder.Services);
        builder.Services.AddEcomOrchestration(new OrchestrationOptions { WorkRoot = Path.Combine(home, "work") });
        builder.Services.AddEcomSchedules();
        builder.Services.AddEcomNode();
        builder.Services.AddOnlineFeatureCache();
        builder.Services.AddServedModelCache();
        builder.Services.AddSingleton<QualityIssues>();
        builder.Services.AddAccounts();
        builder.Services.AddWebFace(new WebOptions { IsOpen = isOpen });
        var app = builder.Build();
        app.UseWebFace();
        app.MapFeatureServer();
        app.MapModelServer();
        await app.Services.GetRequiredService<Migrator>().ApplyAsync(CancellationToken.None);
        if (scripted)
            await ImportAsync(app.Services);
        await app.StartAsync();
        return new WebServer(app, home);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }

    /// <summary>The stages themselves are scripted; what they would publish to is all there.</summary>
    private static void AddScript(IServiceCollection services)
    {
        foreach (var stage in services.Where(s => s.ImplementationInstance is TaskDescriptor task && StageTypes.Contains(task.Name)).ToList())
            services.Remove(stage);
        services.AddSingleton<StepScript>();
        services.AddTransient<StepTask>();
        foreach (var type in StageTypes)
            services.AddSingleton(TaskRegistration.Describe(typeof(StepTask)) with { Name = type, DisplayName = type["Ecom.".Length..], Category = "Stages" });
    }

    private static async Task ImportAsync(IServiceProvider services)
    {
        var file = Path.Combine(RepositoryRoot.Path, "workflows", DagId + ".json");
        var document = await DagFolder.ReadFileAsync(file, services.GetRequiredService<TaskRegistry>(), CancellationToken.None);
        // Scripted tasks live in this process, and a retry should not keep a test waiting.
        var dag = document.Dag! with
        {
            Tasks = [.. document.Dag.Tasks.Select(t => t with { Settings = t.Settings with { Isolation = TaskIsolation.InProcess, MemoryLimitMegabytes = null, RetryDelay = TimeSpan.Zero } })],
        };
        await services.GetRequiredService<DagStore>().ImportAsync(dag, document.ToJson(), DagHash.Compute(dag), document.FileName, "test", CancellationToken.None);
    }
}
