using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets add DATASET PATH</c>.</summary>
internal static class DatasetsAddCommand
{
    public static Command Create()
    {
        var dataset = new Argument<string>("dataset") { Description = "SOURCE/NAME, for example research/labels; made where there is none of this name." };
        var path = new Argument<string>("path") { Description = "A file, or a folder that is taken with all its files." };
        var message = new Option<string?>("--message", "-m") { Description = "What changed, for the change log." };
        var command = new Command("add", "Make a version of your own files; the same content as the newest version makes none.") { dataset, path, message };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetRequiredValue(path)));
            var added = await session.Get<ManualDatasets>().AddAsync(
                parsed.GetRequiredValue(dataset), full, full, parsed.GetValue(message), CommandSession.Actor, cancellationToken);
            CommandOutput.WriteOne(parsed, added, () => Print(added));
            return ExitCode.Done;
        });
        return command;
    }

    public static void Print(VersionedDataset made) => Console.WriteLine(
        $"{made.Tag} ({(made.IsNew ? "new" : "the content is that of this version")}): {made.Files:#,0} file(s), {Show.Size(made.Bytes)}. {made.ChangeNote}");
}
