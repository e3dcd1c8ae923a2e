using System.CommandLine;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Cli.Datasets;

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
        var dataset = new Option<string?>("--dataset") { Description = "SOURCE/NAME: make the result a version of this dataset, in place of writing a file." };
        var message = new Option<string?>("--message", "-m") { Description = "What changed, for the change log of the dataset." };
        var command = new Command("history", "Features as they were at given times, point-in-time correct: a training set.") { entities, features, service, knownBy, fullNames, target, dataset, message };
        command.Validators.Add(result =>
        {
            if (result.GetValue(dataset) is not null && result.GetValue(target) is not null)
                result.AddError("--dataset and --out: give one of them; ./ecom datasets checkout writes the files of a version.");
            if (result.GetValue(dataset) is null && result.GetValue(message) is not null)
                result.AddError("--message belongs to --dataset.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(entities);
            if (!file.Exists)
                throw new CliException(ExitCode.Usage, $"There is no file {file.FullName}.");
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var history = session.Get<HistoricalFeatures>();
            var query = await FeaturesCommand.RunAsync(() => Task.FromResult(new HistoricalQuery(
                parsed.GetValue(features)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), parsed.GetValue(service),
                parsed.GetValue(fullNames), history.KnownBy(parsed.GetValue(knownBy)))));
            if (parsed.GetValue(dataset) is { } name)
            {
                var made = await FeaturesCommand.RunAsync(() => session.Get<HistoricalDatasets>().AddAsync(
                    query, file.FullName, name, parsed.GetValue(message), CommandSession.Actor, cancellationToken));
                CommandOutput.WriteOne(parsed, made, () => DatasetsAddCommand.Print(made));
                return ExitCode.Done;
            }
            var printed = parsed.GetValue(target) is null;
            var path = parsed.GetValue(target)?.FullName ?? Path.GetTempFileName();
            try
            {
                var rows = (await FeaturesCommand.RunAsync(() => history.WriteFileAsync(query, file.FullName, path, cancellationToken))).Rows;
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
