using System.CommandLine;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags import FILE [--overwrite]</c>.</summary>
internal static class DagsImportCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("file") { Description = "An Elsa 3 workflow definition." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Let the file win over what was edited in Studio since; a draft is dropped." };
        var command = new Command("import", "Publish the DAG of a file.") { path, overwrite };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = Path.GetFullPath(parsed.GetRequiredValue(path));
            if (!File.Exists(file))
                throw new CliException(ExitCode.Usage, $"There is no file {file}.");
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var document = await DagFolder.ReadFileAsync(file, session.Get<TaskRegistry>(), cancellationToken);
            var problems = await ImportAsync(session, document, file, parsed.GetValue(overwrite), cancellationToken);
            ImportErrorNotice.Write([new ImportError(document.FileName, problems, session.Get<TimeProvider>().GetUtcNow())]);
            if (problems.Count > 0)
                return ExitCode.Failed;
            var dag = await session.Get<DagStore>().GetAsync(document.Dag!.DagId, cancellationToken);
            CommandOutput.WriteOne(parsed, dag, () => Console.WriteLine($"{dag.DagId} version {dag.CurrentVersion}"));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A file of the workflows folder is its DAG's source from now on; one from elsewhere is an edit like one made in Studio.</summary>
    private static async Task<IReadOnlyList<DagProblem>> ImportAsync(CommandSession session, DagDocument document, string file, bool overwrite, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(file) == Path.GetFullPath(session.Get<EnvironmentSettings>().WorkflowsFolder))
            return await session.Get<WorkflowImport>().ImportAsync(document, document.FileName, overwrite, CommandSession.Actor, cancellationToken);
        if (document.Dag is not { } dag)
            return document.Problems;
        if (!overwrite && await session.Get<FileImports>().SourceAsync(dag.DagId, cancellationToken) is { HasOtherDraft: true })
            return [new DagProblem("definitionId", $"The DAG '{dag.DagId}' has a draft in Studio. Publish or delete that first, or drop it with --overwrite.")];
        await session.Get<DagStore>().ImportAsync(dag, document.ToJson(), DagHash.Compute(dag), sourceFile: (SourceFile?)null, CommandSession.Actor, cancellationToken);
        return [];
    }
}
