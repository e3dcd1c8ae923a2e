using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Segments;
using EcomWorkflows.Pipeline.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Registers the training stage and the model registry.</summary>
public static class TrainingRegistration
{
    public static IServiceCollection AddTraining(this IServiceCollection services)
    {
        services.AddModelRegistry();
        services.AddSingleton(provider => new ModelReproduction(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<LakeStore>(), provider.GetRequiredService<ContentCache>(),
            provider.GetRequiredService<PipelineOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ModelTraining>();
        services.AddTask<BuildTrainingSetTask>();
        services.AddTask<TrainChurnTask>();
        services.AddTask<BuildPurchaseFeaturesTask>();
        services.AddTask<BuildPurchaseSetTask>();
        services.AddTask<TrainPurchaseTask>();
        services.AddTask<PromoteModelTask>();
        services.AddTask<SegmentCustomersTask>();
        return services;
    }

    /// <summary>The registry alone, for who only looks at models and moves their aliases.</summary>
    public static IServiceCollection AddModelRegistry(this IServiceCollection services)
    {
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<ModelAliases>();
        services.AddSingleton<ModelIndexRebuilder>();
        services.AddSingleton<ModelLoader>();
        services.AddSingleton(new MigrationSet("registry", typeof(TrainingRegistration).Assembly, "EcomWorkflows.Pipeline.Training.Migrations.", Order: 60));
        return services;
    }
}
