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
        var waiting = await WaitingAsync(view.Run.RunId, cancellationToken);
        return new RunModel(view, Picture(view, drawn, now), attempts.ToLookup(a => a.TaskInstanceId), RunResults.Find(view), waiting, now, notice);
    }

    public async Task<TaskModel> TaskAsync(string dagId, string runKey, string taskId, int? tryNumber, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var instance = view.Instance(taskId);
        var attempts = await runs.AttemptsAsync(view.Run.RunId, taskId, cancellationToken);
        var attempt = tryNumber is { } number
            ? attempts.FirstOrDefault(a => a.TryNumber == number) ?? throw new Orchestration.NotFoundException($"Task '{taskId}' has no try {number} in run '{runKey}'.")
            : attempts is [.., var newest] ? newest : null;
        var rows = attempt is null ? [] : await logs.ReadAsync(attempt.AttemptId, 0, FirstLogRows, cancellationToken);
        var now = time.GetUtcNow();
        var waiting = await WaitingAsync(view.Run.RunId, cancellationToken);
        return new TaskModel(view, instance, view.Task(instance), attempts, attempt, rows, waiting.GetValueOrDefault(taskId), now);
    }

    /// <summary>One sentence per waiting task.</summary>
    private async Task<IReadOnlyDictionary<string, string>> WaitingAsync(long runId, CancellationToken cancellationToken) =>
        (await waits.OfRunAsync(runId, cancellationToken)).Instances.GroupBy(i => i.TaskId).ToDictionary(same => same.Key, same => string.Join(" ", same.First().Reasons.Select(r => r.Message)));

    private static GraphPicture Picture(RunView view, IReadOnlyDictionary<string, (double X, double Y)> drawn, DateTimeOffset now)
    {
        var byTask = view.Instances.GroupBy(i => i.TaskId).ToDictionary(same => same.Key, same => same.First());
        return GraphPicture.Draw(view.Graph.Dag, GraphPlaces.Of(view.Graph.Dag, drawn), (task, x, y) =>
        {
            var instance = byTask[task.TaskId];
            return new GraphNode(
                task.TaskId, task.DisplayName, Detail(instance, now), x, y, instance.State, instance.State == "running" ? instance.Progress : null,
                Links.Task(view.Run.DagId, view.Run.RunKey, task.TaskId));
        });
    }

    private static string Detail(TaskInstanceInfo instance, DateTimeOffset now)
    {
        var length = instance.StartedAt is { } start && instance.State != TaskState.None.ToWire() ? Show.Duration((instance.EndedAt ?? now) - start) : null;
        return $"{Show.Sign(instance.State)} {Show.State(instance.State)}{(length is null ? "" : " · " + length)}";
    }
}
