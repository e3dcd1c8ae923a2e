using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Registers dataset versioning.</summary>
public static class VersioningRegistration
{
    private const int MigrationOrder = 50;

    public static IServiceCollection AddVersioning(this IServiceCollection services) => services
        .AddTask<VersionDatasetsTask>()
        .AddSingleton<ContentCache>()
        .AddSingleton<DatasetSources>()
        .AddSingleton<DatasetIndex>()
        .AddSingleton<DatasetPublisher>()
        .AddSingleton<DatasetVersions>()
        .AddSingleton(new MigrationSet("versioning", typeof(VersioningRegistration).Assembly, "EcomWorkflows.Pipeline.Versioning.Migrations.", MigrationOrder));
}
