using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api;

/// <summary>Reads runs together with their DAG version and task instances.</summary>
internal sealed class RunViews(DagStore dags, RunReader runs)
{
    /// <exception cref="NotFoundException">There is no such DAG or run.</exception>
    public async Task<RunView> GetAsync(string dagId, string runKey, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        return new RunView(run, await dags.GraphAsync(run.DagId, run.DagVersion, cancellationToken), await runs.TaskInstancesAsync(run.RunId, cancellationToken));
    }
}
