using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets list</c>.</summary>
internal static class DatasetsListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Datasets, each with its newest version.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed,
                await session.Get<DatasetVersions>().DatasetsAsync(cancellationToken),
                ("dataset", dataset => dataset.Dataset),
                ("versions", dataset => dataset.Versions),
                ("newest", dataset => dataset.Newest.Tag),
                ("made", dataset => dataset.Newest.CreatedAt),
                ("rows", dataset => dataset.Newest.Rows),
                ("files", dataset => dataset.Newest.Files),
                ("size", dataset => Show.Size(dataset.Newest.Bytes)),
                ("change", dataset => dataset.Newest.ChangeNote));
            return ExitCode.Done;
        });
        return command;
    }
}
