using System.Diagnostics;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Database;
using EcomWorkflows.Server.Hosting;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EcomWorkflows.Server.Tests.Files;

/// <summary>A folder with <c>workflows/churn-daily.json</c>, a database, and the program over both.</summary>
public sealed class WorkflowRepository : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresFixture database = new();

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("ecom-files-");

    private ServiceProvider services = null!;

    public string Workflows => Path.Combine(root.FullName, "workflows");

    public string ChurnDaily => Path.Combine(Workflows, "churn-daily.json");

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        Directory.CreateDirectory(Workflows);
        File.Copy(Path.Combine(RepositoryRoot.Path, "workflows", "churn-daily.json"), ChurnDaily);
        services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddEcom(new EnvironmentSettings(Path.Combine(root.FullName, "home"), null, EnvironmentSettings.DefaultUrls, root.FullName), database.ConnectionString)
            .AddHostedService<WorkflowWatcher>()
            .BuildServiceProvider();
        await Get<Migrator>().ApplyAsync(CancellationToken.None);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Runs <c>ecom</c> over the folder and the database.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EcomAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EmbeddedPostgres).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ECOM_ROOT"] = root.FullName;
        start.Environment["ECOM_HOME"] = Path.Combine(root.FullName, "home");
        start.Environment["ECOM_DATABASE"] = database.ConnectionString;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
        root.Delete(recursive: true);
    }
}
