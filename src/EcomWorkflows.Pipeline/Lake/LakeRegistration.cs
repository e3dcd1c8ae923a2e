using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>Registers the lake and its catalog.</summary>
public static class LakeRegistration
{
    public static IServiceCollection AddLake(this IServiceCollection services)
    {
        services.AddSingleton<LakeStore>();
        services.AddSingleton<IPublishedData, PublishedLakeTables>();
        services.AddSingleton(new MigrationSet("lake", typeof(LakeRegistration).Assembly, "EcomWorkflows.Pipeline.Lake.Migrations.", Order: 10));
        return services;
    }
}
