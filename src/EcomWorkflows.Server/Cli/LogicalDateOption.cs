using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary>An option for one end of a range of logical dates: a day in the DAG's time zone, or a time. Whether it can be read is said before the DAG is known.</summary>
internal static class LogicalDateOption
{
    public static Option<string?> Create(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !BackfillRange.TryParse(token.Value, TimeZoneInfo.Utc, isEnd: false, out _))
                result.AddError($"{name} is '{token.Value}'; give a date such as 2026-11-01, or a time such as 2026-11-01T06:00Z.");
        });
        return option;
    }

    /// <summary>The two ends; null where one was not given.</summary>
    /// <exception cref="EcomWorkflows.Orchestration.NotFoundException">There is no such DAG.</exception>
    public static async Task<(DateTimeOffset? From, DateTimeOffset? To)> ReadAsync(CommandSession session, string dagId, string? from, string? to, CancellationToken cancellationToken)
    {
        var settings = (await session.Get<DagStore>().CurrentGraphAsync(dagId, cancellationToken)).Dag.Settings;
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        return (Read(from, zone, isEnd: false), Read(to, zone, isEnd: true));
    }

    internal static DateTimeOffset? Read(string? text, TimeZoneInfo zone, bool isEnd) =>
        text is not null && BackfillRange.TryParse(text, zone, isEnd, out var at) ? at : null;
}
