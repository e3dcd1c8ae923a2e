using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Callbacks;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcomWorkflows.Orchestration;

/// <summary>Registers the orchestrator. An <c>NpgsqlDataSource</c> must be registered by the caller.</summary>
public static class OrchestrationRegistration
{
    /// <summary>Stores and everything needed to look at and change runs, and to run one attempt; no background work.</summary>
    public static IServiceCollection AddEcomOrchestration(this IServiceCollection services, OrchestrationOptions options)
    {
        services.TryAddSingleton<TimeProvider>(new DatabaseTime(TimeProvider.System));
        services.AddSingleton<ClockComparison>();
        services.AddSingleton<OutageLog>();
        services.AddSingleton(options);
        services.AddSingleton(new MigrationSet(
            "orchestration", typeof(OrchestrationRegistration).Assembly, "EcomWorkflows.Orchestration.Storage.Migrations.", Order: 0));
        services.AddSingleton<Migrator>();
        services.AddSingleton<TaskRegistry>();
        services.AddSingleton<SecretMasker>();
        services.AddSingleton<DagStore>();
        services.AddSingleton<DefinitionStore>();
        services.AddSingleton<DraftStore>();
        services.AddSingleton<DagRemoval>();
        services.AddSingleton<FileImports>();
        services.AddSingleton<IOptionsSource, PoolOptions>();
        services.AddSingleton<IOptionsSource, DagOptions>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<BackfillStore>();
        services.AddSingleton<BackfillReader>();
        services.AddSingleton<AssetStore>();
        services.AddSingleton<AssetReader>();
        services.AddSingleton<IOptionsSource, AssetOptions>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<AttemptPlaces>();
        services.AddSingleton<IOpenAttempts, OpenAttempts>();
        services.AddSingleton<IUnpublishedAttempts, UnpublishedAttempts>();
        services.AddSingleton<RunSearch>();
        services.AddSingleton<RunJournal>();
        services.AddSingleton<RunDeletion>();
        services.AddSingleton<AttemptReader>();
        services.AddSingleton<RerunStore>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<LogStore>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<NodeStore>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<DeadlineStore>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<VariableStore>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<TemplateLoader>();
        services.AddSingleton<QuestionStore>();
        services.AddSingleton<PoolStore>();
        services.AddSingleton<WaitReader>();
        services.AddSingleton<ClaimStore>();
        services.AddSingleton<CompletionStore>();
        services.AddSingleton<SweepStore>();
        services.AddSingleton<Sweeper>();
        services.AddSingleton<RunChanges>();
        services.AddSingleton<AttemptReporter>();
        services.AddSingleton<AttemptExecution>();
        services.AddSingleton<StalledRuns>();
        services.AddSingleton<ISweepStep, StalledRunWatch>();
        services.AddBuiltInTasks();
        return services;
    }

    /// <summary>Makes this process a node that runs tasks.</summary>
    public static IServiceCollection AddEcomNode(this IServiceCollection services)
    {
        services.AddSingleton<NodeSession>();
        services.AddSingleton<RunningAttempts>();
        services.AddSingleton<IsolatedExecution>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<Places>();
        services.AddSingleton<LostClaims>();
        services.AddSingleton<Completer>();
        services.AddSingleton<Listener>();
        services.AddSingleton<ISweepStep, ScratchFolders>();
        services.AddHostedService<Node>();
        services.AddSingleton<ICallbackChannel, WebhookChannel>();
        services.AddSingleton<ICallbackChannel, EmailChannel>();
        services.AddHostedService<CallbackSender>();
        return services;
    }
}
