using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Spectre.Console;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>Follows a run to its end: a live table of its tasks on a terminal, quiet in a pipe.</summary>
internal sealed class RunProgress(RunReader runs, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <returns>The run in its final state.</returns>
    public Task<RunInfo> FollowAsync(long runId, CancellationToken cancellationToken) =>
        Console.IsOutputRedirected
            ? PollAsync(runId, _ => { }, cancellationToken)
            : AnsiConsole.Live(new Text("")).StartAsync(display => PollAsync(runId, tasks => display.UpdateTarget(Table(tasks)), cancellationToken));

    private async Task<RunInfo> PollAsync(long runId, Action<IReadOnlyList<TaskInstanceInfo>> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The state first: when it says ended, the tasks read after it are final.
            var run = await runs.GetAsync(runId, cancellationToken);
            show(await runs.TaskInstancesAsync(runId, cancellationToken));
            if (run.State is not ("queued" or "running"))
                return run;

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private Table Table(IReadOnlyList<TaskInstanceInfo> tasks)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("task", "state", "time", "");
        foreach (var task in tasks)
            table.AddRow(new Text(task.TaskId), State(task), new Text(CommandOutput.Show(Duration(task))), new Text(Remark(task)) { Overflow = Overflow.Ellipsis });

        return table;
    }

    private static Text State(TaskInstanceInfo task) => new(task.State, new Style(Color(task.State)));

    private static Color Color(string state) => StateNames.Parse<TaskState>(state) switch
    {
        TaskState.Success => Spectre.Console.Color.Green,
        TaskState.Failed or TaskState.UpstreamFailed => Spectre.Console.Color.Red,
        TaskState.Running or TaskState.Restarting => Spectre.Console.Color.Yellow,
        TaskState.UpForRetry => Spectre.Console.Color.Orange1,
        _ => Spectre.Console.Color.Grey,
    };

    private TimeSpan? Duration(TaskInstanceInfo task) =>
        task.StartedAt is { } started ? (task.EndedAt ?? time.GetUtcNow()) - started : null;

    private static string Remark(TaskInstanceInfo task)
    {
        if (task.Message is not null)
            return task.Message.Split('\n')[0];

        var share = task is { Progress: { } progress, EndedAt: null } ? $"{progress:P0} " : "";
        return task.State == "running" ? share + task.ProgressMessage : "";
    }
}
