using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Api.DemoShop;
using EcomWorkflows.Server.Api.FeatureServer;
using EcomWorkflows.Server.Api.ModelServer;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Database;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace EcomWorkflows.Server.Hosting;

/// <summary>The web server with its node: dashboards, APIs, and the engine that runs the tasks.</summary>
internal sealed class EcomHost : IAsyncDisposable
{
    private const string ReadyTag = "ready";

    private readonly WebApplication app;

    private EcomHost(WebApplication app, string address, IReadOnlyList<ImportError> importErrors)
    {
        this.app = app;
        Address = address;
        ImportErrors = importErrors;
    }

    public IServiceProvider Services => app.Services;

    /// <summary>Where a browser on this machine finds the server.</summary>
    public string Address { get; }

    public IReadOnlyList<ImportError> ImportErrors { get; }

    /// <summary>Brings the schema and the DAGs up to date, then starts serving and running tasks.</summary>
    /// <param name="urls">Where to listen, separated by semicolons.</param>
    /// <exception cref="CliException">The address is taken, malformed, or not allowed in demo mode.</exception>
    public static async Task<EcomHost> StartAsync(
        EnvironmentSettings settings, ProgramDatabase database, ServerMode mode, string urls, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ListenAddress.Check(urls, mode);
        ListenAddress.RequireFree(urls);
        var app = Build(settings, database, mode, urls, logLevel);
        try
        {
            await app.Services.GetRequiredService<Migrator>().ApplyAsync(cancellationToken);
            var importErrors = await app.Services.GetRequiredService<WorkflowImport>().RunAsync(cancellationToken);

            // Our own tasks may call our own server, so they must know where it is before the node starts to run them.
            var address = ListenAddress.ForBrowser(urls);
            app.Services.GetRequiredService<PipelineOptions>().ServerAddress = address;
            await app.StartAsync(cancellationToken);
            return new EcomHost(app, address, importErrors);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await app.DisposeAsync();
            throw ListenAddress.Taken(urls);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(EnvironmentSettings settings, ProgramDatabase database, ServerMode mode, string urls, LogLevel logLevel)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(EcomHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        // First: parts of the program add loggers of their own.
        ConfigureLogging(builder.Logging, logLevel);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(mode);
        // Before the node, so that it ends after it: what the node still has to write needs the database.
        builder.Services.AddSingleton(database);
        builder.Services.AddHostedService<DatabaseKeeper>();
        builder.Services.AddEcom(settings, database.ConnectionString);
        builder.Services.AddEcomNode();
        builder.Services.AddEcomScheduler(database.ConnectionString);
        builder.Services.AddHostedService<WorkflowWatcher>();
        builder.Services.AddOnlineFeatureCache();
        builder.Services.AddServedModelCache();
        if (mode.IsDemo)
            builder.Services.AddHostedService<DemoShopRenewal>();
        builder.Services.AddDataProtection().SetApplicationName("ecom").PersistKeysToFileSystem(KeyFolder(settings.Home));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: [ReadyTag]);
        builder.Services.AddWebFace(new WebOptions { IsOpen = mode.IsDemo, AllowedHosts = [.. WebOptions.Loopback, .. ListenAddress.Hosts(urls), .. settings.Hosts] });

        var app = builder.Build();
        app.UseWebFace();
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        app.MapFeatureServer();
        app.MapModelServer();
        if (mode.IsDemo)
            DemoShopApi.Map(app, new DemoShopOptions { CustomersFile = DemoShop.CustomersFile(settings.Home) });
        else
            DemoShopApi.MapClosed(app);
        return app;
    }

    /// <summary>Keys of cookies and form tokens, which so survive a restart; only the program's own user may enter.</summary>
    private static DirectoryInfo KeyFolder(string home) =>
        Directory.CreateDirectory(Path.Combine(home, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static void ConfigureLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Warnings about what is meant to be so: the keys are protected by the mode of their folder.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Each question of a probe would be a line while the database is away: that is said by OutageLog, and to the probe by its answer.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        // stdout belongs to the command's own output.
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Signals are the command line's business: it stops the server, then the database.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
