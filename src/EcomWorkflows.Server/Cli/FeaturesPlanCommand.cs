using System.CommandLine;
using EcomWorkflows.Pipeline.Features.Definitions;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom features plan</c>.</summary>
internal static class FeaturesPlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", "What applying workflows/features would change; changes nothing.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var changes = await FeaturesCommand.RunAsync(() => session.Get<FeatureApplication>().PlanAsync(cancellationToken));
            CommandOutput.WriteOne(parsed, changes, () => FeaturesCommand.Print(changes));
            return ExitCode.Done;
        });
        return command;
    }
}
