using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Registers the training stage and the model registry.</summary>
public static class TrainingRegistration
{
    public static IServiceCollection AddTraining(this IServiceCollection services)
    {
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<ModelLoader>();
        services.AddTask<BuildTrainingSetTask>();
        services.AddTask<TrainChurnTask>();
        services.AddSingleton(new MigrationSet("registry", typeof(TrainingRegistration).Assembly, "EcomWorkflows.Pipeline.Training.Migrations.", Order: 60));
        return services;
    }
}
