using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary>DAGs beside their files, for <c>ecom dags export</c> and <c>diff</c>.</summary>
internal sealed class DagFiles(CommandSession session)
{
    private readonly TaskRegistry registry = session.Get<TaskRegistry>();

    private readonly DagStore dags = session.Get<DagStore>();

    public string WorkflowsFolder { get; } = session.Get<EnvironmentSettings>().WorkflowsFolder;

    /// <summary>The DAGs meant by an argument; all where none is named.</summary>
    public async Task<IReadOnlyList<DagInfo>> ChosenAsync(string? dagId, CancellationToken cancellationToken) =>
        dagId is null ? await dags.ListAsync(cancellationToken) : [await dags.GetAsync(dagId, cancellationToken)];

    /// <summary>Name of the DAG's file: the one it came from, or one made of its id.</summary>
    public static string FileName(DagInfo dag) => dag.SourceFile ?? dag.DagId + ".json";

    /// <summary>The current version, and its text as a file.</summary>
    public async Task<(Dag Dag, string Text)> CurrentAsync(DagInfo dag, CancellationToken cancellationToken)
    {
        var document = DagDocument.Parse(await dags.DocumentAsync(dag.DagId, dag.CurrentVersion, cancellationToken), FileName(dag), registry);
        return ((await dags.GraphAsync(dag.DagId, dag.CurrentVersion, cancellationToken)).Dag, FileForm.Write(document.Raw, registry));
    }

    /// <summary>The DAG's file as it is on disk; null where there is none.</summary>
    public async Task<DagDocument?> OnDiskAsync(DagInfo dag, CancellationToken cancellationToken)
    {
        var path = Path.Combine(WorkflowsFolder, FileName(dag));
        return File.Exists(path) ? await DagFolder.ReadFileAsync(path, registry, cancellationToken) : null;
    }

    /// <summary>Whether the file was changed too and waits for a person to decide.</summary>
    public async Task<bool> IsInConflictAsync(DagInfo dag, DagDocument? file, CancellationToken cancellationToken) =>
        file?.Dag is not null
        && await session.Get<FileImports>().SourceAsync(dag.DagId, cancellationToken) is { } source
        && source.SourceText != WorkflowImport.TextHash(file);

    public string Written(DagDocument file) => FileForm.Write(file.Raw, registry);
}
