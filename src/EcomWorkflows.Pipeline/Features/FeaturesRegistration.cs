using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Features.Offline;
using EcomWorkflows.Pipeline.Features.Online;
using EcomWorkflows.Pipeline.Lake;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Registers the feature store.</summary>
public static class FeaturesRegistration
{
    private const int MigrationOrder = 40;

    public static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .AddFeatureStore()
        .AddTask<BuildFeaturesTask>()
        .AddTask<MaterializeFeaturesTask>()
        .AddTask<CheckFeatureDriftTask>();

    /// <summary>The store itself: definitions, history, online values; without the tasks that fill it.</summary>
    public static IServiceCollection AddFeatureStore(this IServiceCollection services) => services
        .AddSingleton<ISnapshotHolder, HeldFeatureHistory>()
        .AddSingleton<FeatureCatalog>()
        .AddSingleton<FeatureHistory>()
        .AddSingleton<OnlineConsistency>()
        .AddSingleton(services => new FeatureApplication(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<FeatureCatalog>()))
        .AddSingleton(services => new HistoricalFeatures(
            services.GetRequiredService<FeatureRegistry>(), services.GetRequiredService<FeatureHistory>(), services.GetRequiredService<LakeStore>(),
            services.GetRequiredService<PipelineOptions>(), services.GetRequiredService<TimeProvider>()))
        .AddSingleton(services => new OnlineMaterializations(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<FeatureRegistry>(), services.GetRequiredService<FeatureHistory>(),
            services.GetRequiredService<OnlineConsistency>(), services.GetRequiredService<PipelineOptions>()))
        .AddSingleton<FeatureMaterializer>()
        .AddSingleton<FeatureRegistry>()
        .AddSingleton<FeatureServiceUse>()
        .AddSingleton<FeatureReader>()
        .AddSingleton(new OnlineCacheOptions())
        .AddSingleton<OnlineCache>()
        .AddSingleton(services => new OnlineFeatures(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<OnlineCache>(), services.GetRequiredService<TimeProvider>()))
        .AddSingleton(services => new FeaturePushes(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<FeatureRegistry>(), services.GetRequiredService<OnlineCache>(), services.GetRequiredService<TimeProvider>()))
        .AddSingleton(new MigrationSet("features", typeof(FeaturesRegistration).Assembly, "EcomWorkflows.Pipeline.Features.Migrations.", MigrationOrder));

    /// <summary>Keeps online features in memory, and right; for processes that serve them.</summary>
    public static IServiceCollection AddOnlineFeatureCache(this IServiceCollection services) => services.AddHostedService<OnlineCacheListener>();
}
