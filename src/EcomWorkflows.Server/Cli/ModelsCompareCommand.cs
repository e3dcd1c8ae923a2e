using System.CommandLine;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models compare NAME VERSION VERSION</c>.</summary>
internal static class ModelsCompareCommand
{
    public static Command Create()
    {
        var name = ModelsCommand.Name();
        var first = ModelsCommand.Version("first");
        var second = ModelsCommand.Version("second");
        var command = new Command("compare", "Two versions side by side; figures of different test periods are not comparable, and this says so.") { name, first, second };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var left = await ModelsCommand.FindAsync(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(first), cancellationToken);
            var right = await ModelsCommand.FindAsync(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(second), cancellationToken);
            var samePeriod = left.Lineage.TestCutoff == right.Lineage.TestCutoff && left.Metrics.Rows == right.Metrics.Rows && left.Metrics.Positives == right.Metrics.Positives;
            CommandOutput.WriteOne(parsed, new { First = left, Second = right, SameTestPeriod = samePeriod }, () =>
            {
                if (!samePeriod)
                    Console.WriteLine($"Tested on different rows ({left.Lineage.TestCutoff.UtcDateTime:yyyy-MM-dd} and {right.Lineage.TestCutoff.UtcDateTime:yyyy-MM-dd}): the gate's evidence (models show) compares them on the same ones.");
                CommandOutput.WriteTable(
                    ["", $"v{left.Version}", $"v{right.Version}", "difference"],
                    [
                        ["learner", left.Learner, right.Learner, ""],
                        ["dataset", left.Lineage.DatasetTag, right.Lineage.DatasetTag, ""],
                        ["feature view", View(left), View(right), ""],
                        ["file", left.ModelSha256[..12], right.ModelSha256[..12], left.ModelSha256 == right.ModelSha256 ? "the same" : "another"],
                        .. ModelText.Rows(left.Metrics).Zip(ModelText.Rows(right.Metrics)).Select(pair => new object?[]
                        {
                            pair.First.Name, ModelText.Figure(pair.First.Value), ModelText.Figure(pair.Second.Value), ModelText.Figure(pair.Second.Value - pair.First.Value),
                        }),
                    ]);
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static string View(ModelVersion version) => $"{version.Lineage.FeatureView}{(version.Lineage.FeatureViewVersion is { } number ? $" v{number}" : "")}";
}
