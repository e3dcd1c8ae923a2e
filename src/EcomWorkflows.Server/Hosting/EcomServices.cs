using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Server.Api.Quality;
using EcomWorkflows.Server.Cli;

namespace EcomWorkflows.Server.Hosting;

/// <summary>The composition root: what every command and the server are made of.</summary>
internal static class EcomServices
{
    /// <summary>Stores, stages and everything that looks at or changes state; no background work.</summary>
    public static IServiceCollection AddEcom(this IServiceCollection services, EnvironmentSettings settings, string connectionString)
    {
        services.AddSingleton(settings);
        services.AddSingleton<TimeProvider>(new DatabaseTime(TimeProvider.System));
        services.AddSingleton(_ => OrchestrationDatabase.Open(connectionString));
        services.AddEcomOrchestration(new OrchestrationOptions
        {
            WorkRoot = Path.Combine(settings.Home, "work"),
            KeyFolder = Path.Combine(settings.Home, "keys"),
            ChildCommand = ChildCommand(),
            ChildEnvironment = new Dictionary<string, string>
            {
                ["ECOM_HOME"] = settings.Home,
                ["ECOM_ROOT"] = settings.Repository,
                ["ECOM_DATABASE"] = connectionString,
            },
            ProgramVersion = typeof(EcomServices).Assembly.GetName().Version!.ToString(3),
        });
        services.AddEcomSchedules();
        services.AddEcomPipeline(PipelineOptions(settings));
        services.AddSingleton<QualityIssues>();
        services.AddSingleton<WorkflowImport>();
        services.AddAccounts();
        return services;
    }

    public static PipelineOptions PipelineOptions(EnvironmentSettings settings) => new()
    {
        Home = settings.Home,
        WorkflowsFolder = settings.WorkflowsFolder,
        DataVersionsFolder = settings.DataVersionsFolder,
        DuckDbMemoryLimit = settings.DuckDbMemory ?? Pipeline.PipelineOptions.DefaultDuckDbMemoryLimit,
        ProfilingMemoryLimit = settings.DuckDbMemory ?? Pipeline.PipelineOptions.DefaultProfilingMemoryLimit,
        LakeLocation = settings.Lake,
        LakeConnection = settings.LakeConnection,
    };

    /// <summary>How a child process runs one isolated attempt: this same program, whether started by <c>dotnet</c> or by its own executable.</summary>
    private static string[] ChildCommand()
    {
        var program = typeof(EcomServices).Assembly.Location;
        var host = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, program, RunAttemptCommand.Name] : [host, RunAttemptCommand.Name];
    }
}
