using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>The task types every DAG can use.</summary>
internal static class BuiltInTasks
{
    public static IServiceCollection AddBuiltInTasks(this IServiceCollection services)
    {
        services.AddSingleton<HttpCaller>();
        return services
            .AddTask<BranchTask>()
            .AddTask<ShortCircuitTask>()
            .AddTask<EmptyTask>()
            .AddTask<FailTask>()
            .AddTask<WaitTask>()
            .AddTask<ApprovalTask>()
            .AddTask<SqlTask>()
            .AddTask<HttpTask>()
            .AddTask<ShellTask>()
            .AddTask<TriggerDagTask>()
            .AddTask<FileSensorTask>()
            .AddTask<AssetSensorTask>()
            .AddTask<SqlSensorTask>()
            .AddTask<HttpSensorTask>()
            .AddTask<ExternalTaskSensorTask>();
    }
}
