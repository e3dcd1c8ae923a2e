using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Puts what a run read and made under version control: raw files, silver and gold tables, training sets.</summary>
[TaskType("Ecom.VersionDatasets", DisplayName = "Version datasets", Category = "Versioning",
    Description = "Stores raw files, silver tables, gold tables and training sets by content, and commits and tags a pointer file and a manifest for each in the dataset repository. The same content gets no new version.")]
internal sealed class VersionDatasetsTask(
    SourceCatalog sources, DatasetSources datasetSources, DatasetStorage storage, DatasetPublisher publisher) : ITask<VersionDatasetsInputs, VersionDatasetsOutputs>
{
    public async Task<TaskResult<VersionDatasetsOutputs>> RunAsync(VersionDatasetsInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = sources.Get(inputs.Source);
        var validations = await datasetSources.ValidationsAsync(mapping.Source, context.Attempt.RunId, cancellationToken);
        var datasets = await datasetSources.FindAsync(mapping, context, cancellationToken);
        context.ReportProgress(0, $"describing {string.Join(", ", datasets.Select(d => d.Name))}");
        // Together: while the statistics of one keep a core busy, another is being hashed.
        var contents = await Task.WhenAll(datasets.Select(dataset => Task.Run(() => storage.StoreAsync(dataset, validations, context.WorkFolder, cancellationToken), cancellationToken)));

        IReadOnlyList<PublishedDataset> published = [];
        await context.PublishAsync(async (scope, ct) => published = await publisher.PublishAsync(scope, context, contents, ct), cancellationToken);
        foreach (var edited in await publisher.CheckOutAsync(cancellationToken))
            context.Logger.LogWarning("{File} of the dataset repository was changed by hand and stays as it is; main has the new version", edited);

        foreach (var dataset in published)
            context.Logger.LogInformation("{Tag} ({Novelty}): {Note}", dataset.Manifest.Tag, dataset.IsNew ? "new" : "unchanged", dataset.Manifest.ChangeNote);
        return new VersionDatasetsOutputs([.. published.Select(VersionedDataset.Of)]);
    }
}
