using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Registers the feature store.</summary>
public static class FeaturesRegistration
{
    private const int MigrationOrder = 40;

    public static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .AddTask<BuildFeaturesTask>()
        .AddSingleton<FeatureMaterializer>()
        .AddSingleton<FeatureRegistry>()
        .AddSingleton<OnlineFeatures>()
        .AddSingleton(new MigrationSet("features", typeof(FeaturesRegistration).Assembly, "EcomWorkflows.Pipeline.Features.Migrations.", MigrationOrder));
}
