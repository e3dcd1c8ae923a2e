using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;
using EcomWorkflows.Pipeline.Lake.Objects;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>Registers the lake and its catalog.</summary>
public static class LakeRegistration
{
    public static IServiceCollection AddLake(this IServiceCollection services)
    {
        services.AddSingleton(provider => new StoredConnections(provider.GetService<ConnectionStore>()));
        services.AddSingleton<ObjectStores>();
        services.AddSingleton<LakeStore>();
        services.AddSingleton<IPublishedData, PublishedLakeTables>();
        services.AddSingleton(new MigrationSet("lake", typeof(LakeRegistration).Assembly, "EcomWorkflows.Pipeline.Lake.Migrations.", Order: 10));
        return services;
    }
}
