using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Registers the scoring stage.</summary>
public static class ScoringRegistration
{
    public static IServiceCollection AddScoring(this IServiceCollection services)
    {
        services.AddTask<ScoreChurnTask>();
        services.AddSingleton(new MigrationSet("gold", typeof(ScoringRegistration).Assembly, "EcomWorkflows.Pipeline.Scoring.Migrations.", Order: 70));
        return services;
    }
}
