using System.CommandLine;
using EcomWorkflows.Pipeline.Features.Definitions;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom features apply</c>.</summary>
internal static class FeaturesApplyCommand
{
    public static Command Create()
    {
        var command = new Command("apply", "Register what workflows/features defines; another schema or logic is a new version, old versions stay readable.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var changes = await FeaturesCommand.RunAsync(() => session.Get<FeatureApplication>().ApplyAsync(cancellationToken));
            CommandOutput.WriteOne(parsed, changes, () => FeaturesCommand.Print(changes));
            return ExitCode.Done;
        });
        return command;
    }
}
