using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Cli;

namespace EcomWorkflows.Server.Hosting;

/// <summary>Brings the DAGs in the database in line with the files of <c>workflows/</c>: one version per content, an import error per bad file.</summary>
internal sealed class WorkflowImport(EnvironmentSettings settings, DagStore dags, TaskRegistry registry, TimeProvider time)
{
    private const string Actor = "import";

    /// <returns>The files that could not be imported; the versions imported before stay in use.</returns>
    public async Task<IReadOnlyList<ImportError>> RunAsync(CancellationToken cancellationToken)
    {
        var documents = await DagFolder.ReadAsync(settings.WorkflowsFolder, registry, cancellationToken);
        var errors = documents
            .Where(document => document.Dag is null)
            .Select(document => new ImportError(document.FileName, document.Problems, time.GetUtcNow()))
            .ToList();
        foreach (var document in documents)
            if (document.Dag is { } dag)
                await dags.ImportAsync(dag, document.ToJson(), DagHash.Compute(dag), document.FileName, Actor, cancellationToken);

        await dags.DeactivateMissingAsync([.. documents.Select(document => document.FileName)], cancellationToken);
        await dags.ReplaceImportErrorsAsync(errors, cancellationToken);
        return errors;
    }
}
