using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Reads runs as Studio looks at them.</summary>
internal sealed class InstanceViews(RunSearch search, DagStore dags, RunReader runs, AttemptReader attempts)
{
    private static readonly ILookup<long, AttemptInfo> NoAttempts = Array.Empty<AttemptInfo>().ToLookup(a => a.TaskInstanceId);

    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<InstanceView> GetAsync(string instanceId, CancellationToken cancellationToken)
    {
        var view = await WithoutAttemptsAsync(InstanceId.Parse(instanceId), cancellationToken);
        return view with { Attempts = (await runs.AttemptsAsync(view.Run.RunId, taskId: null, cancellationToken)).ToLookup(a => a.TaskInstanceId) };
    }

    /// <summary>The run and the states of its tasks, which is all that badges need.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<InstanceView> WithoutAttemptsAsync(long runId, CancellationToken cancellationToken)
    {
        var run = await search.GetAsync(runId, cancellationToken);
        return new InstanceView(
            run, await dags.GraphAsync(run.DagId, run.DagVersion, cancellationToken), await NodesAsync(run, cancellationToken),
            await runs.TaskInstancesAsync(run.RunId, cancellationToken), NoAttempts);
    }

    public async Task<DagNodes> NodesAsync(FoundRun run, CancellationToken cancellationToken) =>
        DagNodes.Read(await dags.DocumentAsync(run.DagId, run.DagVersion, cancellationToken));

    /// <summary>The run an execution record belongs to.</summary>
    /// <exception cref="NotFoundException">There is no such record.</exception>
    public async Task<InstanceView> OfAsync(ExecutionId id, CancellationToken cancellationToken) =>
        await GetAsync(InstanceId.Of(id.RunId ?? await attempts.RunOfAsync(id.AttemptId, id.TaskInstanceId, cancellationToken)), cancellationToken);
}
