using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning.Exchange;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets pull [VERSION...]</c>.</summary>
internal static class DatasetsPullCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("version") { Description = "Versions whose content is wanted; without any, the newest of each dataset.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "The content of all versions." };
        var (location, connection) = (DatasetsRemoteCommand.Location(), DatasetsRemoteCommand.Connection());
        var command = new Command("pull", "Fetch the remote's versions, and content that the cache lacks; damaged content of versions that are named is replaced.") { words, all, location, connection };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var report = await session.Get<DatasetRemote>().PullAsync(
                DatasetsRemoteCommand.Named(parsed, location, connection), parsed.GetValue(words) ?? [], parsed.GetValue(all), cancellationToken);
            CommandOutput.WriteOne(parsed, report, () =>
            {
                Console.WriteLine($"{report.NewTags.Count:#,0} new version(s){(report.NewTags.Count > 0 ? $": {string.Join(", ", report.NewTags)}" : "")}; {report.Contents:#,0} contents, {Show.Size(report.Bytes)}, fetched from {report.Location}.");
                foreach (var file in report.EditedFiles)
                    Console.WriteLine($"{file} was changed by hand and stays as it is; main has another version.");
            });
            return ExitCode.Done;
        });
        return command;
    }
}
