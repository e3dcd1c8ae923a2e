using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The DAGs a task may start or wait for.</summary>
internal sealed class DagOptions(DagStore dags) : IOptionsSource
{
    public string Name => "dags";

    public async ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await dags.ListAsync(cancellationToken)).Where(dag => dag.IsActive).Select(dag => new Option(dag.DagId))];
}
