using System.CommandLine;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models promote NAME VERSION</c>.</summary>
internal static class ModelsPromoteCommand
{
    public static Command Create()
    {
        var name = ModelsCommand.Name();
        var version = ModelsCommand.Version();
        var alias = ModelsCommand.Alias();
        var comment = ModelsCommand.Comment();
        var force = new Option<bool>("--force") { Description = "Also where the gates refused the version." };
        var command = new Command("promote", "Move an alias (champion unless said otherwise) to a version that passed the gates, at once for everybody.") { name, version, alias, comment, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var model = await ModelsCommand.FindAsync(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), cancellationToken);
            // A model that cannot be loaded must not become the one everything is scored with.
            session.Get<ModelLoader>().Load(model).Dispose();
            var moved = await session.Get<ModelAliases>().PromoteAsync(
                model.Name, model.Version, parsed.GetRequiredValue(alias), CommandSession.Actor, parsed.GetValue(comment), parsed.GetValue(force), cancellationToken);
            CommandOutput.WriteOne(parsed, moved, () => Console.WriteLine($"{moved.Name} v{moved.ToVersion} is the {moved.Alias}{(moved.FromVersion is { } from ? $", in place of v{from}" : "")}."));
            return ExitCode.Done;
        });
        return command;
    }
}
