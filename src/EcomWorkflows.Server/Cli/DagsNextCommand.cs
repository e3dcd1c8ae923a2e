using System.CommandLine;
using System.Globalization;
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
        var after = new Option<DateTimeOffset?>("--after") { Description = "Look from this time on instead of from now, for example 2027-03-27 to see a change of clocks." };
        var command = new Command("next", "When a DAG's schedule fires next, what each run covers, and notes about the days clocks change.") { dagId, count, after };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var graph = await session.Get<DagStore>().CurrentGraphAsync(parsed.GetRequiredValue(dagId), cancellationToken);
            if (DagSchedule.Create(graph.Dag.Settings) is not { } schedule)
            {
                await Console.Error.WriteLineAsync($"{graph.Dag.DagId} has no schedule: {(graph.Dag.Settings.AssetSchedule is { } assets ? $"it runs when its assets are updated ({assets})" : "it runs when it is triggered")}.");
                return ExitCode.Done;
            }

            var settings = graph.Dag.Settings;
            var times = schedule.Upcoming(parsed.GetValue(after) ?? session.Get<TimeProvider>().GetUtcNow())
                .TakeWhile(fire => settings.EndDate is not { } end || fire.Interval.End <= end)
                .Take(parsed.GetValue(count)).ToList();
            CommandOutput.Write(
                parsed,
                times,
                ("fires at (UTC)", fire => fire.At),
                ($"fires at ({schedule.TimeZone.Id})", fire => TimeZoneInfo.ConvertTime(fire.At, schedule.TimeZone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
                ("covers from (UTC)", fire => fire.Interval.Start),
                ("note", fire => fire.Note));
            if ((await session.Get<DagStore>().GetAsync(graph.Dag.DagId, cancellationToken)).IsPaused)
                await Console.Error.WriteLineAsync($"{graph.Dag.DagId} is paused: nothing runs by its schedule until ./ecom dags unpause {graph.Dag.DagId}");
            return ExitCode.Done;
        });
        return command;
    }
}
