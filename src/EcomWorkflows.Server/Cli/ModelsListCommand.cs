using System.CommandLine;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models list [NAME]</c>.</summary>
internal static class ModelsListCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "Only versions of this model.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "Registered versions with their figures on later test rows, the newest first.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var versions = await session.Get<ModelRegistry>().ListAsync(parsed.GetValue(name), cancellationToken);
            var aliases = (await session.Get<ModelAliases>().ListAsync(parsed.GetValue(name), cancellationToken)).ToLookup(alias => (alias.Name, alias.Version), alias => alias.Alias);
            CommandOutput.Write(
                parsed,
                [.. versions.Select(version => new { version.Name, version.Version, Aliases = aliases[(version.Name, version.Version)].ToArray(), version.Learner, version.Metrics, version.Lineage, version.CreatedAt })],
                ("model", row => row.Name),
                ("version", row => $"v{row.Version}"),
                ("alias", row => row.Aliases),
                ("learner", row => row.Learner),
                ("ROC-AUC", row => ModelText.Figure(row.Metrics.RocAuc)),
                ("PR-AUC", row => ModelText.Figure(row.Metrics.PrAuc)),
                ("base rate", row => ModelText.Figure(row.Metrics.BaseRate)),
                ("F1", row => ModelText.Figure(row.Metrics.F1)),
                ("test from", row => row.Lineage.TestCutoff.UtcDateTime.ToString("yyyy-MM-dd")),
                ("dataset", row => row.Lineage.DatasetTag),
                ("made", row => row.CreatedAt));
            return ExitCode.Done;
        });
        return command;
    }
}
