using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Scoring.Drift;
using EcomWorkflows.Pipeline.Scoring.Online;
using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Scoring.Purchase;
using EcomWorkflows.Pipeline.Scoring.Retention;
using EcomWorkflows.Pipeline.Scoring.Streaming;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Registers the scoring stage.</summary>
public static class ScoringRegistration
{
    public static IServiceCollection AddScoring(this IServiceCollection services)
    {
        services.AddTask<ScoreChurnTask>();
        services.AddTask<SelectRetentionTargetsTask>();
        services.AddTask<ScoreChangedTask>();
        services.AddTask<CheckScoreDriftTask>();
        services.AddTask<EvaluateOutcomesTask>();
        services.AddSingleton<ChurnScorings>();
        services.AddSingleton<ScoreDriftStore>();
        services.AddSingleton<OutcomeStore>();
        services.AddSingleton<RetentionStore>();
        services.AddOnlineScoring();
        services.AddTask<ScorePurchasesTask>();
        services.AddTask<ReportPurchasesTask>();
        services.AddSingleton(new MigrationSet("gold", typeof(ScoringRegistration).Assembly, "EcomWorkflows.Pipeline.Scoring.Migrations.", Order: 70));
        return services;
    }

    /// <summary>Predictions on request.</summary>
    public static IServiceCollection AddOnlineScoring(this IServiceCollection services) => services
        .AddSingleton<ServedModels>()
        .AddSingleton(provider => new ModelInvocations(provider.GetRequiredService<ServedModels>(), provider.GetRequiredService<OnlineFeatures>()));

    /// <summary>Keeps served models in memory, and right; for processes that serve them.</summary>
    public static IServiceCollection AddServedModelCache(this IServiceCollection services) => services.AddHostedService<ServedModelListener>();
}
