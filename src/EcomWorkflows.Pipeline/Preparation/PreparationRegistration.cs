using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Registers the preparation stage.</summary>
public static class PreparationRegistration
{
    public static IServiceCollection AddPreparation(this IServiceCollection services) => services.AddTask<PrepareTask>();
}
