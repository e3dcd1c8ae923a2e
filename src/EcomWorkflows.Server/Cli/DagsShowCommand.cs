using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags show DAG</c>.</summary>
internal static class DagsShowCommand
{
    public static Command Create()
    {
        var dagId = DagsCommand.DagId();
        var command = new Command("show", "One DAG: settings, parameters, tasks and what each waits for.") { dagId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var store = session.Get<DagStore>();
            var info = await store.GetAsync(parsed.GetRequiredValue(dagId), cancellationToken);
            var graph = await store.GraphAsync(info.DagId, info.CurrentVersion, cancellationToken);
            var versions = await store.VersionsAsync(info.DagId, cancellationToken);
            CommandOutput.WriteOne(parsed, new { info.DagId, info.CurrentVersion, info.IsPaused, info.SourceFile, graph.Dag, versions }, () =>
            {
                var (dag, settings) = (graph.Dag, graph.Dag.Settings);
                Console.WriteLine($"{dag.DagId}  {dag.Name}");
                Console.WriteLine(dag.Description);
                Console.WriteLine($"version {info.CurrentVersion} from {info.SourceFile ?? "Studio"}{(info.IsPaused ? ", paused" : "")}");
                Console.WriteLine($"schedule {(settings.Schedule.Count == 0 ? "none" : string.Join("; ", settings.Schedule))} ({settings.TimeZone})");
                foreach (var param in dag.Params)
                    Console.WriteLine($"param {param.Name} ({param.Type}), default {param.Default?.ToReadableText() ?? "none"}{(param.Allowed is null ? "" : $", one of {param.AllowedText}")}: {param.Description}");
                CommandOutput.WriteTable(
                    ["task", "type", "after", "retries", "isolation"],
                    graph.TopologicalOrder.Select(graph.Task).Select(task => new object?[]
                    {
                        task.TaskId, task.TaskType, graph.Upstream(task.TaskId), task.Settings.Retries, task.Settings.Isolation,
                    }));
            });
            return ExitCode.Done;
        });
        return command;
    }
}
