using System.CommandLine;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models show NAME [VERSION]</c>.</summary>
internal static class ModelsShowCommand
{
    public static Command Create()
    {
        var name = ModelsCommand.Name();
        var version = ModelsCommand.Version();
        version.DefaultValueFactory = _ => ModelRegistry.Champion;
        var command = new Command("show", "One version: figures with intervals, settings, lineage, and what became of its aliases.") { name, version };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var model = await ModelsCommand.FindAsync(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), cancellationToken);
            var aliases = (await session.Get<ModelAliases>().ListAsync(model.Name, cancellationToken)).Where(alias => alias.Version == model.Version).Select(alias => alias.Alias).ToArray();
            var events = (await session.Get<ModelAliases>().EventsAsync(model.Name, cancellationToken)).Where(one => one.ToVersion == model.Version || one.FromVersion == model.Version).ToArray();
            CommandOutput.WriteOne(parsed, new { Model = model, Aliases = aliases, Events = events }, () =>
            {
                Console.WriteLine($"{model.Name} v{model.Version}  {string.Join(", ", aliases)}  {model.Learner.Replace('_', ' ')}  made {CommandOutput.Show(model.CreatedAt)}");
                Console.WriteLine($"folder {model.Folder}  sha256 {model.ModelSha256}");
                Console.WriteLine($"trained at {model.Lineage.TrainCutoff.UtcDateTime:yyyy-MM-dd}, tested at {model.Lineage.TestCutoff.UtcDateTime:yyyy-MM-dd} on {model.Metrics.Rows} rows ({model.Metrics.Positives} positive)");
                Console.WriteLine($"data {model.Lineage.DatasetTag ?? "without a tag"} (lake snapshot {model.Lineage.TrainingSnapshotId}), feature view {model.Lineage.FeatureView}{(model.Lineage.FeatureViewVersion is { } view ? $" v{view}" : "")}, run {model.Lineage.DagId}/{model.Lineage.RunKey}");
                Console.WriteLine($"settings {string.Join(", ", model.Parameters.Select(p => $"{p.Key}={p.Value}"))}");
                CommandOutput.WriteTable(["figure", "value", "95 %"], ModelText.Rows(model.Metrics).Select(row => new object?[] { row.Name, ModelText.Figure(row.Value), ModelText.Range(row.Interval) }));
                CommandOutput.WriteTable(
                    ["at", "alias", "what", "from", "to", "by", "why"],
                    events.Select(one => new object?[] { one.At, one.Alias, one.Kind, one.FromVersion is { } from ? $"v{from}" : "", $"v{one.ToVersion}", one.Actor ?? $"attempt {one.AttemptId}", one.Reason }));
            });
            return ExitCode.Done;
        });
        return command;
    }
}
