using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Registers scheduling by Quartz in its clustered PostgreSQL store.</summary>
public static class SchedulingRegistration
{
    /// <summary>Manual triggering and schedule arithmetic; no background work.</summary>
    public static IServiceCollection AddEcomSchedules(this IServiceCollection services)
    {
        services.AddSingleton<DagTicker>();
        services.AddSingleton<ISweepStep>(provider => provider.GetRequiredService<DagTicker>());
        services.AddSingleton<AssetTrigger>();
        services.AddSingleton<ISweepStep>(provider => provider.GetRequiredService<AssetTrigger>());
        services.AddSingleton<BackfillRunner>();
        services.AddSingleton<ISweepStep>(provider => provider.GetRequiredService<BackfillRunner>());
        services.AddSingleton<ManualRuns>();
        return services;
    }

    /// <summary>Makes this process fire schedules and wake-ups, once over all nodes.</summary>
    /// <param name="connectionString">The database; Quartz's tables live in its schema <c>quartz</c>.</param>
    public static IServiceCollection AddEcomScheduler(this IServiceCollection services, string connectionString)
    {
        var inOwnSchema = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "quartz", ApplicationName = "ecom quartz" }.ConnectionString;
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "ecom";
                options.GenerateInstanceId = true;
                options.IdleWaitTime = TimeSpan.FromSeconds(5);
            });
            quartz.UseDefaultThreadPool(4);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, inOwnSchema);
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.ConfigureStore(options => options.StoreJobDataAsStrings = true);
                store.UseClustering(cluster => cluster.CheckinInterval = TimeSpan.FromSeconds(5));
            });
        });
        services.AddLogging(QuartzLog.Take);
        services.AddSingleton<ILoggerProvider>(provider => new QuartzLog(provider.GetRequiredService<OutageLog>, provider.GetRequiredService<ILogger<QuartzLog>>));
        services.AddSingleton<DagScheduler>();
        services.AddSingleton<IWakeUps>(provider => provider.GetRequiredService<DagScheduler>());
        services.AddHostedService<SchedulingStart>();
        services.AddHostedService<DueWatch>();
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddSingleton(new MigrationSet(
            "quartz", typeof(SchedulingRegistration).Assembly, "EcomWorkflows.Orchestration.Scheduling.Migrations.", Order: 1));
        return services;
    }
}
