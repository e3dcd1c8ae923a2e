using System.CommandLine;
using EcomWorkflows.Orchestration.Execution;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom run-attempt ID</c>: the node's way to run one attempt in a process of its own; not for people.</summary>
internal static class RunAttemptCommand
{
    public const string Name = "run-attempt";

    public static Command Create()
    {
        var attempt = new Argument<long>("attempt-id");
        var command = new Command(Name, "Run one isolated attempt (started by the node).") { attempt };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            return await ChildAttempt.RunAsync(session.Services, parsed.GetRequiredValue(attempt), cancellationToken);
        });
        return command;
    }
}
