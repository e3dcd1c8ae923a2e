using EcomWorkflows.Pipeline.Choices;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Preparation;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcomWorkflows.Pipeline;

/// <summary>Registers every stage of the pipeline.</summary>
public static class PipelineRegistration
{
    /// <summary>Adds all stages; the host brings <c>NpgsqlDataSource</c> and logging.</summary>
    public static IServiceCollection AddEcomPipeline(this IServiceCollection services, PipelineOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<SourceCatalog>();
        services.AddLake();
        services.AddIngestion();
        services.AddPreparation();
        services.AddFeatures();
        services.AddVersioning();
        services.AddValidation();
        services.AddTraining();
        services.AddScoring();
        services.AddSingleton<LineageReader>();
        services.AddChoices();
        return services;
    }
}
