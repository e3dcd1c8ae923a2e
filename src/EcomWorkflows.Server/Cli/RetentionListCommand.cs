using System.CommandLine;
using System.Globalization;
using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Scoring.Retention;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom retention list [SOURCE]</c>.</summary>
internal static class RetentionListCommand
{
    public static Command Create()
    {
        var source = new Argument<string?>("source") { Description = "Only of this source.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "All lists, the newest first, with the uplift of those whose outcome window has closed.") { source };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var lists = await session.Get<RetentionStore>().ListAsync(parsed.GetValue(source), cancellationToken);
            var outcomes = (await session.Get<OutcomeStore>().RetentionAsync(parsed.GetValue(source), cancellationToken)).ToDictionary(outcome => (outcome.Source, outcome.AsOf));
            CommandOutput.Write(
                parsed, [.. lists.Select(list => new { List = list, Outcome = outcomes.GetValueOrDefault((list.Source, list.AsOf)) })],
                ("source", one => one.List.Source), ("as of", one => one.List.AsOf), ("model", one => $"{one.List.ModelName} v{one.List.ModelVersion}"), ("contact", one => one.List.Contacted),
                ("held out", one => one.List.HeldOut), ("resting", one => one.List.Resting), ("profit", one => one.List.ExpectedProfit.ToString("0.00", CultureInfo.InvariantCulture)),
                ("cost", one => one.List.ExpectedCost.ToString("0.00", CultureInfo.InvariantCulture)), ("uplift", one => one.Outcome?.Uplift?.ToString("0.000", CultureInfo.InvariantCulture)));
            return ExitCode.Done;
        });
        return command;
    }
}
