using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Reads what the run and task pages show.</summary>
internal sealed class RunModels(DagStore dags, RunReader runs, RunViews views, LogStore logs, WaitReader waits, TimeProvider time)
{
    private const int FirstLogRows = 2000;

    public async Task<RunModel> RunAsync(string dagId, string runKey, string? notice, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var attempts = await runs.AttemptsAsync(view.Run.RunId, taskId: null, cancellationToken);
        var drawn = CanvasPlaces.Read(await dags.DocumentAsync(dagId, view.Run.DagVersion, cancellationToken));
        var now = time.GetUtcNow();
        var (reasons, waiting) = await WaitingAsync(view.Run.RunId, cancellationToken);
        return new RunModel(view, Picture(view, drawn, now), attempts.ToLookup(a => a.TaskInstanceId), RunResults.Find(view), reasons, waiting, now, notice);
    }

    public async Task<TaskModel> TaskAsync(string dagId, string runKey, string taskId, int? mapIndex, int? tryNumber, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var siblings = view.Instances.Where(i => i.TaskId == taskId).OrderBy(i => i.MapIndex).ToList();
        var instance = mapIndex is null && siblings.Count > 0 ? Mapped.MostTelling(siblings) : view.Instance(taskId, mapIndex ?? -1);
        var attempts = (await runs.AttemptsAsync(view.Run.RunId, taskId, cancellationToken)).Where(a => a.TaskInstanceId == instance.TaskInstanceId).ToList();
        var attempt = tryNumber is { } number
            ? attempts.FirstOrDefault(a => a.TryNumber == number) ?? throw new Orchestration.NotFoundException($"Task '{taskId}' has no try {number} in run '{runKey}'.")
            : attempts is [.., var newest] ? newest : null;
        var rows = attempt is null ? [] : await logs.ReadAsync(attempt.AttemptId, 0, FirstLogRows, cancellationToken);
        var now = time.GetUtcNow();
        var (_, waiting) = await WaitingAsync(view.Run.RunId, cancellationToken);
        return new TaskModel(
            view, instance, siblings, view.Task(instance), attempts, attempt, rows, waiting.GetValueOrDefault(new InstanceKey(instance.TaskId, instance.MapIndex)), now);
    }

    /// <summary>Why the run itself does not go on, and one text per waiting instance.</summary>
    private async Task<(IReadOnlyList<string> Run, IReadOnlyDictionary<InstanceKey, string> Instances)> WaitingAsync(long runId, CancellationToken cancellationToken)
    {
        var wait = await waits.OfRunAsync(runId, cancellationToken);
        return (
            [.. wait.Reasons.Select(r => r.Message)],
            wait.Instances.ToDictionary(i => new InstanceKey(i.TaskId, i.MapIndex), i => string.Join(" ", i.Reasons.Select(r => r.Message))));
    }

    private static GraphPicture Picture(RunView view, IReadOnlyDictionary<string, (double X, double Y)> drawn, DateTimeOffset now)
    {
        var byTask = Mapped.ByTask(view.Instances);
        return GraphPicture.Draw(view.Graph.Dag, GraphPlaces.Of(view.Graph.Dag, drawn), (task, x, y) =>
        {
            var instance = byTask[task.TaskId];
            return new GraphNode(
                task.TaskId, task.DisplayName, Detail(instance, now), x, y, instance.State, instance.State == "running" ? instance.Progress : null,
                Links.Task(view.Run.DagId, view.Run.RunKey, task.TaskId, instance.MapIndex));
        });
    }

    private static string Detail(TaskInstanceInfo instance, DateTimeOffset now)
    {
        var length = instance.StartedAt is { } start && instance.State != TaskState.None.ToWire() ? Show.Duration((instance.EndedAt ?? now) - start) : null;
        return $"{Show.Sign(instance.State)} {Show.State(instance.State)}{(length is null ? "" : " · " + length)}";
    }
}
