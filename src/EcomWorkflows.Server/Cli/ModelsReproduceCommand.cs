using System.CommandLine;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models reproduce NAME [VERSION]</c>.</summary>
internal static class ModelsReproduceCommand
{
    public static Command Create()
    {
        var name = ModelsCommand.Name();
        var version = ModelsCommand.Version();
        version.DefaultValueFactory = _ => ModelRegistry.Champion;
        var command = new Command("reproduce", "Fit a version again from its dataset tag, seed and settings, and compare file and figures. Nothing is changed.") { name, version };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var model = await ModelsCommand.FindAsync(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), cancellationToken);
            var again = await session.Get<ModelReproduction>().RunAsync(model, cancellationToken);
            CommandOutput.WriteOne(parsed, new { Model = model.Name, model.Version, RegisteredSha256 = model.ModelSha256, Reproduced = again }, () =>
            {
                Console.WriteLine($"{model.Name} v{model.Version}, {model.Learner.Replace('_', ' ')}, fitted again from {again.Data}.");
                Console.WriteLine(again.SameFile ? $"The model file is the same, byte for byte (sha256 {again.Sha256})." : $"The model file differs: sha256 {again.Sha256}, registered {model.ModelSha256}.");
                Console.WriteLine(again.SameMetrics ? "The figures are the same." : "The figures differ:");
                if (!again.SameMetrics)
                {
                    CommandOutput.WriteTable(
                        ["figure", "registered", "again"],
                        ModelText.Rows(model.Metrics).Zip(ModelText.Rows(again.Metrics)).Select(pair => new object?[] { pair.First.Name, ModelText.Figure(pair.First.Value), ModelText.Figure(pair.Second.Value) }));
                }
            });
            return again.SameFile && again.SameMetrics ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
