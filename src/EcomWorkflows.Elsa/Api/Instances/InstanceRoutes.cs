using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Elsa's API for workflow instances: runs as Studio lists, shows, follows and starts them.</summary>
public static class InstanceRoutes
{
    /// <summary>Where Studio's viewer connects for live changes.</summary>
    public const string HubPath = "/elsa/hubs/workflow-instance";

    public static IServiceCollection AddElsaInstances(this IServiceCollection services)
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

    /// <summary>Maps the routes under <c>/elsa/api</c> and the hub. What only reads and what changes anything are groups of their own.</summary>
    public static void MapElsaInstances(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/elsa/api").AddEndpointFilter<InstanceErrors>().ExcludeFromDescription();
        var reads = api.MapGroup("");
        ListInstances.Map(reads);
        GetInstance.Map(reads);
        GetJournal.Map(reads);
        GetExecutions.Map(reads);
        GetRetries.Map(reads);
        ExportInstances.MapReads(reads);
        routes.MapHub<InstanceHub>(HubPath);

        var changes = api.MapGroup("");
        CancelInstances.Map(changes);
        DeleteInstances.Map(changes);
        ExportInstances.MapChanges(changes);
        ExecuteDefinition.Map(changes);
    }
}
