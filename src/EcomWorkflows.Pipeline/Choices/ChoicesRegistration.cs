using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Choices;

/// <summary>Registers what Studio's dropdowns offer for the inputs of the stages.</summary>
internal static class ChoicesRegistration
{
    public static IServiceCollection AddChoices(this IServiceCollection services)
    {
        services.AddSingleton<IOptionsSource, SourceOptions>();
        services.AddSingleton<IOptionsSource, EntityOptions>();
        services.AddSingleton<IOptionsSource, SuiteOptions>();
        services.AddSingleton<IOptionsSource, FeatureViewOptions>();
        services.AddSingleton<IOptionsSource, ModelOptions>();
        return services;
    }
}
