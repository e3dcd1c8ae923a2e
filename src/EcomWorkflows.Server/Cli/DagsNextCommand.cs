using System.CommandLine;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags next DAG</c>.</summary>
internal static class DagsNextCommand
{
    private const int DefaultCount = 5;

    public static Command Create()
    {
        var dagId = DagsCommand.DagId();
        var count = new Option<int>("--count", "-n") { Description = "How many.", DefaultValueFactory = _ => DefaultCount };
        var command = new Command("next", "When a DAG's schedule fires next.") { dagId, count };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var graph = await session.Get<DagStore>().CurrentGraphAsync(parsed.GetRequiredValue(dagId), cancellationToken);
            if (DagSchedule.Create(graph.Dag.Settings) is not { } schedule)
            {
                await Console.Error.WriteLineAsync($"{graph.Dag.DagId} has no schedule: it runs when it is triggered.");
                return ExitCode.Done;
            }

            var times = Upcoming(schedule, session.Get<TimeProvider>().GetUtcNow()).Take(parsed.GetValue(count)).ToList();
            CommandOutput.Write(
                parsed,
                times,
                ("fires at (UTC)", time => time),
                ($"fires at ({schedule.TimeZone.Id})", time => TimeZoneInfo.ConvertTime(time, schedule.TimeZone).ToString("yyyy-MM-dd HH:mm:ss")));
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<DateTimeOffset> Upcoming(DagSchedule schedule, DateTimeOffset now)
    {
        for (var next = schedule.NextAfter(now); next is { } time; next = schedule.NextAfter(time))
            yield return time;
    }
}
