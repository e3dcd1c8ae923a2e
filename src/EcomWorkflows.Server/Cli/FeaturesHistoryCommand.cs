using System.CommandLine;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom features history</c>.</summary>
internal static class FeaturesHistoryCommand
{
    public static Command Create()
    {
        var entities = new Option<FileInfo>("--entities") { Description = "CSV or Parquet file with the join keys and event_timestamp; its other columns come back too.", Required = true };
        var features = new Option<string?>("--features") { Description = "view:feature, separated by commas; view@v2:feature for a version." };
        var service = new Option<string?>("--service") { Description = "A feature service, in place of --features." };
        var knownBy = new Option<string?>("--known-by") { Description = "Use what was known at this time (or now) for every row, in place of what was known at the row's own time." };
        var fullNames = new Option<bool>("--full-names") { Description = "Call columns view__feature." };
        var target = new Option<FileInfo?>("--out") { Description = "File to write, .csv or .parquet; without it, CSV is printed." };
        var command = new Command("history", "Features as they were at given times, point-in-time correct: a training set.") { entities, features, service, knownBy, fullNames, target };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(entities);
            if (!file.Exists)
                throw new CliException(ExitCode.Usage, $"There is no file {file.FullName}.");
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var history = session.Get<HistoricalFeatures>();
            var printed = parsed.GetValue(target) is null;
            var path = parsed.GetValue(target)?.FullName ?? Path.GetTempFileName();
            try
            {
                var rows = await FeaturesCommand.RunAsync(() => history.WriteFileAsync(
                    new HistoricalQuery(
                        parsed.GetValue(features)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), parsed.GetValue(service),
                        parsed.GetValue(fullNames), history.KnownBy(parsed.GetValue(knownBy))),
                    file.FullName, path, cancellationToken));
                if (printed)
                    Console.Write(await File.ReadAllTextAsync(path, cancellationToken));
                else
                    CommandOutput.WriteOne(parsed, new { file = path, rows }, () => Console.WriteLine($"{rows} rows written to {path}"));
                return ExitCode.Done;
            }
            finally
            {
                if (printed)
                    File.Delete(path);
            }
        });
        return command;
    }
}
