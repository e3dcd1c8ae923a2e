using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Online;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Api.FeatureServer;
using EcomWorkflows.Server.Api.ModelServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Bench.Features;

/// <summary>The product's web face with the feature server on a port, sign-in on, without a node.</summary>
internal sealed class FeatureServer(WebApplication app) : IAsyncDisposable
{
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <param name="cachedRows">0: every request is answered from PostgreSQL.</param>
    public static async Task<FeatureServer> StartAsync(string connectionString, string home, int cachedRows, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(OrchestrationDatabase.Open(connectionString));
        builder.Services.AddEcomOrchestration(new OrchestrationOptions { WorkRoot = Path.Combine(home, "work") });
        builder.Services.AddEcomSchedules();
        builder.Services.AddEcomPipeline(FeatureData.Options(home));
        builder.Services.AddSingleton(new OnlineCacheOptions { RowsPerView = cachedRows });
        builder.Services.AddOnlineFeatureCache();
        builder.Services.AddServedModelCache();
        builder.Services.AddAccounts();
        builder.Services.AddWebFace(new WebOptions());
        var app = builder.Build();
        app.UseWebFace();
        app.MapFeatureServer();
        app.MapModelServer();
        await app.Services.GetRequiredService<Migrator>().ApplyAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        return new FeatureServer(app);
    }

    /// <summary>Nothing but Kestrel and a text: what the machine gives at most.</summary>
    public static async Task<FeatureServer> StartBareAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("hello"));
        await app.StartAsync(cancellationToken);
        return new FeatureServer(app);
    }

    public IServiceProvider Services => app.Services;

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public async Task<string> KeyAsync(CancellationToken cancellationToken)
    {
        var accounts = Get<AccountStore>();
        await accounts.AddAsync("bench", Role.Viewer, password: null, "bench", cancellationToken);
        return (await accounts.AddKeyAsync("bench", "load", lifetime: null, "bench", cancellationToken)).Text;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
