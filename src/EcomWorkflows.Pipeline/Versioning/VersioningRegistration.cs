using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Ingestion.Retention;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Versioning.Comparison;
using EcomWorkflows.Pipeline.Versioning.Exchange;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Registers dataset versioning.</summary>
public static class VersioningRegistration
{
    private const int MigrationOrder = 50;

    public static IServiceCollection AddVersioning(this IServiceCollection services) => services
        .AddTask<VersionDatasetsTask>()
        .AddSingleton<ContentCache>()
        .AddSingleton<DatasetSources>()
        .AddSingleton<DatasetStorage>()
        .AddSingleton<DatasetIndex>()
        .AddSingleton<IRawFileHolder, HeldRawFiles>()
        .AddSingleton<DatasetPublisher>()
        .AddSingleton<DatasetVersions>()
        .AddSingleton(s => new ManualDatasets(
            Get<Npgsql.NpgsqlDataSource>(s), Get<DatasetStorage>(s), Get<DatasetPublisher>(s), Get<PipelineOptions>(s)))
        .AddSingleton(s => new HistoricalDatasets(Get<HistoricalFeatures>(s), Get<ManualDatasets>(s), Get<PipelineOptions>(s)))
        .AddSingleton(s => new DatasetCheckout(Get<ContentCache>(s), Get<PipelineOptions>(s), Get<TimeProvider>(s)))
        .AddSingleton(s => new LakeRestore(Get<Npgsql.NpgsqlDataSource>(s), Get<LakeStore>(s), Get<ContentCache>(s)))
        .AddSingleton(s => new DatasetVerification(Get<DatasetVersions>(s), Get<ContentCache>(s), Get<PipelineOptions>(s), Get<TimeProvider>(s)))
        .AddSingleton(s => new DatasetGarbage(Get<ContentCache>(s), Get<DatasetVersions>(s), Get<PipelineOptions>(s), Get<TimeProvider>(s)))
        .AddSingleton(s => new DatasetComparison(Get<DatasetVersions>(s), Get<ContentCache>(s), Get<PipelineOptions>(s)))
        .AddSingleton(s => new DatasetRemote(
            Get<DatasetVersions>(s), Get<ManualDatasets>(s), Get<ContentCache>(s), Get<ObjectStores>(s), Get<PipelineOptions>(s), Get<TimeProvider>(s)))
        .AddSingleton(new MigrationSet("versioning", typeof(VersioningRegistration).Assembly, "EcomWorkflows.Pipeline.Versioning.Migrations.", MigrationOrder));

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
