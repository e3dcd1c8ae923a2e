using System.CommandLine;
using System.Globalization;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Scoring.Retention;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom retention show SOURCE</c>.</summary>
internal static class RetentionShowCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "Source, as in workflows/sources." };
        var asOf = new Option<DateOnly?>("--as-of") { Description = "Day of the list, for example 2026-11-20; the newest unless said otherwise." };
        var limit = new Option<int?>("--limit", "-n") { Description = "At most so many customers; all unless said otherwise." };
        var csv = new Option<bool>("--csv") { Description = "As CSV, for the tool that sends the offers." };
        var command = new Command("show", "The customers of a list by rank, with group, expected profit and reasons.") { source, asOf, limit, csv };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var store = session.Get<RetentionStore>();
            var (name, day) = (parsed.GetRequiredValue(source), parsed.GetValue(asOf));
            var list = await store.FindAsync(name, day is { } date ? new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero) : null, cancellationToken) ?? throw new NotFoundException(
                $"There is no retention list of '{name}'{(day is { } wanted ? $" as of {wanted:yyyy-MM-dd}" : "")}. ./ecom retention list shows what there is; Ecom.SelectRetentionTargets makes one.");
            var targets = store.TargetsAsync(list.Source, list.AsOf, parsed.GetValue(limit), cancellationToken);
            if (parsed.GetValue(csv))
            {
                Console.WriteLine(RetentionCsv.Header);
                await foreach (var target in targets)
                    Console.WriteLine(RetentionCsv.Line(list, target));
                return ExitCode.Done;
            }

            var shown = new List<RetentionTarget>();
            await foreach (var target in targets)
                shown.Add(target);
            CommandOutput.Write(
                parsed, shown,
                ("rank", target => target.Rank), ("customer", target => target.CustomerId), ("group", target => target.Group),
                ("probability", target => target.ChurnProbability.ToString("0.000", CultureInfo.InvariantCulture)), ("value", target => target.CustomerValue.ToString("0.00", CultureInfo.InvariantCulture)),
                ("profit", target => target.ExpectedProfit.ToString("0.00", CultureInfo.InvariantCulture)), ("reasons", target => target.Why()));
            return ExitCode.Done;
        });
        return command;
    }
}
