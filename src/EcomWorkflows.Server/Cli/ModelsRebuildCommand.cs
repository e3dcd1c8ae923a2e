using System.CommandLine;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models rebuild</c>.</summary>
internal static class ModelsRebuildCommand
{
    public static Command Create()
    {
        var command = new Command("rebuild", "Make the index in the database anew from the folders under models/; what it knows already stays.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var rebuilt = await session.Get<ModelIndexRebuilder>().RebuildAsync(cancellationToken);
            CommandOutput.WriteOne(parsed, rebuilt, () =>
            {
                Console.WriteLine($"{rebuilt.Versions} versions found, {rebuilt.Added} added to the index, {rebuilt.Aliases} aliases restored.");
                foreach (var problem in rebuilt.Problems)
                    Console.WriteLine($"  {problem}");
            });
            return rebuilt.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
