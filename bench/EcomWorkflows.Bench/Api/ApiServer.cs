using EcomWorkflows.Bench.Orchestrator;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Bench.Api;

/// <summary>The product's web face on a port, without a node: nothing runs beside the requests.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ApiServer(WebApplication app) => this.app = app;

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<ApiServer> StartAsync(string connectionString, string home, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(OrchestrationDatabase.Open(connectionString));
        builder.Services.AddEcomOrchestration(new OrchestrationOptions { WorkRoot = Path.Combine(home, "work") });
        builder.Services.AddEcomSchedules();
        builder.Services.AddSingleton(new TaskTimes());
        builder.Services.AddTask<WorkTask>();
        builder.Services.AddEcomPipeline(new PipelineOptions { Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions") });
        builder.Services.AddAccounts();
        builder.Services.AddWebFace(new WebOptions { IsOpen = true });
        var app = builder.Build();
        app.UseWebFace();
        await app.Services.GetRequiredService<Migrator>().ApplyAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        return new ApiServer(app);
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
