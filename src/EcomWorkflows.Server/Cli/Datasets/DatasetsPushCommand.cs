using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning.Exchange;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets push</c>.</summary>
internal static class DatasetsPushCommand
{
    public static Command Create()
    {
        var (location, connection) = (DatasetsRemoteCommand.Location(), DatasetsRemoteCommand.Connection());
        var command = new Command("push", "Send all versions to the remote: content first, history last.") { location, connection };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var report = await session.Get<DatasetRemote>().PushAsync(DatasetsRemoteCommand.Named(parsed, location, connection), cancellationToken);
            CommandOutput.WriteOne(parsed, report, () => Console.WriteLine(
                $"{report.Location} has all {report.Versions:#,0} version(s); {report.Contents:#,0} new contents, {Show.Size(report.Bytes)}, sent."));
            return ExitCode.Done;
        });
        return command;
    }
}
