using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets log [DATASET]</c>.</summary>
internal static class DatasetsLogCommand
{
    public static Command Create()
    {
        var dataset = new Argument<string?>("dataset") { Description = "Only versions of this dataset, for example shop/silver.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => 50 };
        var command = new Command("log", "Versions, newest first, and what changed in each.") { dataset, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var versions = session.Get<DatasetVersions>();
            // Finds out whether there is such a dataset, and says which there are.
            var name = parsed.GetValue(dataset) is { } word ? (await versions.ResolveAsync(word, cancellationToken)).Dataset : null;
            CommandOutput.Write(
                parsed,
                [.. (await versions.ListAsync(name, cancellationToken)).Take(parsed.GetValue(limit))],
                ("version", version => version.Tag),
                ("made", version => version.CreatedAt),
                ("rows", version => version.Rows),
                ("size", version => Show.Size(version.Bytes)),
                ("run", version => version.RunId > 0 ? version.RunId : null),
                ("change", version => version.ChangeNote));
            return ExitCode.Done;
        });
        return command;
    }
}
