using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Cli;
using Npgsql;

namespace EcomWorkflows.Server.Hosting;

/// <summary>Brings the DAGs in the database in line with the files of <c>workflows/</c>: one version per content, an import error per bad file or conflict.</summary>
internal sealed class WorkflowImport(EnvironmentSettings settings, DagStore dags, FileImports files, TaskRegistry registry, TimeProvider time)
{
    private const string Actor = "import";

    /// <returns>The files that could not be imported; the versions imported before stay in use.</returns>
    public async Task<IReadOnlyList<ImportError>> RunAsync(CancellationToken cancellationToken)
    {
        var documents = await DagFolder.ReadAsync(settings.WorkflowsFolder, registry, cancellationToken);
        var errors = new List<ImportError>();
        foreach (var document in documents)
        {
            if (await TryImportAsync(document, cancellationToken) is { Count: > 0 } problems)
                errors.Add(new ImportError(document.FileName, problems, time.GetUtcNow()));
        }
        await dags.DeactivateMissingAsync([.. documents.Select(document => document.FileName)], cancellationToken);
        await dags.ReplaceImportErrorsAsync(errors, cancellationToken);
        return errors;
    }

    /// <summary>What is wrong with one file must not keep the others from being imported; where the database is away, none can be.</summary>
    private async Task<IReadOnlyList<DagProblem>> TryImportAsync(DagDocument document, CancellationToken cancellationToken)
    {
        try
        {
            return await ImportAsync(document, document.FileName, overwrite: false, Actor, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !(failure is NpgsqlException database && OrchestrationDatabase.IsPassing(database)))
        {
            return [new DagProblem("file", $"The file could not be imported: {failure.GetType().Name}: {failure.Message}")];
        }
    }

    /// <summary>Imports one document as the content of a file of the workflows folder.</summary>
    /// <param name="overwrite">Whether the file wins over edits made in Studio.</param>
    /// <returns>Why it was not imported; empty where it was, or had been.</returns>
    public async Task<IReadOnlyList<DagProblem>> ImportAsync(DagDocument document, string fileName, bool overwrite, string actor, CancellationToken cancellationToken)
    {
        if (document.Dag is not { } dag)
            return document.Problems;
        var file = new SourceFile(fileName, TextHash(document));
        var result = await files.ImportAsync(dag, document.ToJson(), DagHash.Compute(dag), file, overwrite, actor, cancellationToken);
        return result.Decision == FileDecision.Conflict ? [Conflict(result.Source!, fileName)] : [];
    }

    /// <summary>What a later look at the file is compared with; the layout of its JSON does not count.</summary>
    public static string TextHash(DagDocument document) => DagStore.Sha256(document.ToJson());

    private static DagProblem Conflict(DagSource source, string fileName)
    {
        var edit = source switch
        {
            { IsDeleted: true } => "deleted in Studio",
            { IsRetracted: true } => "taken back in Studio",
            { HasOtherDraft: true } => "given a draft in Studio",
            _ => $"edited in Studio (version {source.CurrentVersion} by {source.CreatedBy})",
        };
        return new DagProblem(
            "definitionId",
            $"Both this file and the DAG '{source.DagId}' were changed: the DAG was {edit}. Version {source.CurrentVersion} stays in use. See ./ecom dags diff {source.DagId}; " +
            $"then keep Studio's with ./ecom dags export {source.DagId}, or take the file's with ./ecom dags import workflows/{fileName} --overwrite.");
    }
}
