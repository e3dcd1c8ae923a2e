using System.CommandLine;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models rollback NAME</c>.</summary>
internal static class ModelsRollbackCommand
{
    public static Command Create()
    {
        var name = ModelsCommand.Name();
        var alias = ModelsCommand.Alias();
        var comment = ModelsCommand.Comment();
        var command = new Command("rollback", "Give an alias (champion unless said otherwise) back to the version it stood for before.") { name, alias, comment };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var moved = await session.Get<ModelAliases>().RollbackAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(alias), CommandSession.Actor, parsed.GetValue(comment), cancellationToken);
            CommandOutput.WriteOne(parsed, moved, () => Console.WriteLine($"{moved.Name}: v{moved.ToVersion} is the {moved.Alias} again, in place of v{moved.FromVersion}."));
            return ExitCode.Done;
        });
        return command;
    }
}
