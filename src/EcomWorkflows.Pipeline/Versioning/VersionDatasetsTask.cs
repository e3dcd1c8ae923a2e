using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Puts what a run read and made under version control: raw files, silver tables and the training set.</summary>
[TaskType("Ecom.VersionDatasets", DisplayName = "Version datasets", Category = "Versioning",
    Description = "Stores raw files, silver tables and the churn training set by content, and commits and tags a pointer file and a manifest for each in the dataset repository. The same content gets no new version.")]
internal sealed class VersionDatasetsTask(
    SourceCatalog sources, DatasetSources datasetSources, ContentCache cache, DatasetPublisher publisher) : ITask<VersionDatasetsInputs, VersionDatasetsOutputs>
{
    public async Task<TaskResult<VersionDatasetsOutputs>> RunAsync(VersionDatasetsInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = sources.Get(inputs.Source);
        var validations = await datasetSources.ValidationsAsync(mapping.Source, context.Attempt.RunId, cancellationToken);
        var contents = new List<DatasetContent>();
        foreach (var dataset in await datasetSources.FindAsync(mapping, context, cancellationToken))
        {
            context.ReportProgress(contents.Count / 4.0, dataset.Name);
            contents.Add(await StoreAsync(dataset, validations, cancellationToken));
        }

        IReadOnlyList<PublishedDataset> published = [];
        await context.PublishAsync(async (scope, ct) => published = await publisher.PublishAsync(scope, context, contents, ct), cancellationToken);
        await publisher.CheckOutAsync(context, published, cancellationToken);

        foreach (var dataset in published)
            context.Logger.LogInformation("{Tag} ({Novelty}): {Note}", dataset.Manifest.Tag, dataset.IsNew ? "new" : "unchanged", dataset.Manifest.ChangeNote);
        return new VersionDatasetsOutputs([.. published.Select(p => new VersionedDataset(
            p.Manifest.Dataset, p.Manifest.Tag, p.CommitSha, p.IsNew, p.Manifest.Files.Count, p.Manifest.Size, p.Manifest.Rows, p.Manifest.ChangeNote))]);
    }

    private async Task<DatasetContent> StoreAsync(DatasetSource dataset, IReadOnlyList<DatasetValidation> validations, CancellationToken cancellationToken)
    {
        var files = await cache.AddAsync(dataset.Files, cancellationToken);
        var leaf = dataset.Name[(dataset.Name.LastIndexOf('/') + 1)..];
        DvcPointer pointer;
        if (files is [var only] && !only.RelativePath.Contains('/', StringComparison.Ordinal))
            pointer = DvcPointer.ForFile(only, leaf + Path.GetExtension(only.RelativePath));
        else
        {
            (pointer, var list) = DvcPointer.ForFolder(files, leaf);
            await cache.AddAsync(pointer.Md5, list, cancellationToken);
        }
        return new DatasetContent(dataset.Name, files, dataset.Tables, dataset.Rows, dataset.Source, pointer, validations);
    }
}
