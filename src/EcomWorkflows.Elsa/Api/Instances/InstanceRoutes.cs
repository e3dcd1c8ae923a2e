using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Elsa's API for workflow instances: runs as Studio lists, shows, follows and starts them.</summary>
public static class InstanceRoutes
{
    /// <summary>Where Studio's viewer connects for live changes.</summary>
    public const string HubPath = "/elsa/hubs/workflow-instance";

    internal static IServiceCollection AddInstances(this IServiceCollection services)
    {
        services.AddSignalR();
        services.AddSingleton<ActivityValues>();
        services.AddSingleton<ExecutionRecords>();
        services.AddSingleton<JournalRecords>();
        services.AddSingleton<InstanceViews>();
        services.AddSingleton<ExportInstances.Exporter>();
        services.AddSingleton<InstanceBroadcast>();
        return services;
    }

    /// <summary>Maps the hub, which only tells what can be read.</summary>
    public static IEndpointConventionBuilder MapElsaHub(this IEndpointRouteBuilder routes) => routes.MapHub<InstanceHub>(HubPath);

    internal static void Map(IEndpointRouteBuilder reads, IEndpointRouteBuilder changes)
    {
        ListInstances.Map(reads);
        GetInstance.Map(reads);
        GetJournal.Map(reads);
        GetExecutions.Map(reads);
        GetRetries.Map(reads);
        ExportInstances.MapReads(reads);
        CancelInstances.Map(changes);
        DeleteInstances.Map(changes);
        ExportInstances.MapChanges(changes);
        ExecuteDefinition.Map(changes);
    }
}
