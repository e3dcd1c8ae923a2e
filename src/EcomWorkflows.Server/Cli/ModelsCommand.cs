using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom models</c>: the model registry.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Registered models: list, show, compare, promote, roll back, fit again, and rebuild the index from the files.")
    {
        ModelsListCommand.Create(),
        ModelsShowCommand.Create(),
        ModelsCompareCommand.Create(),
        ModelsPromoteCommand.Create(),
        ModelsRollbackCommand.Create(),
        ModelsReproduceCommand.Create(),
        ModelsRebuildCommand.Create(),
    };

    public static Argument<string> Name() => new("name") { Description = "Name of the model, as models list shows it." };

    public static Argument<string> Version(string name = "version") => new(name) { Description = "Version number (3 or v3), or an alias such as champion or challenger." };

    public static Option<string> Alias() => new("--alias") { Description = "The alias to move.", DefaultValueFactory = _ => ModelRegistry.Champion };

    public static Option<string?> Comment() => new("--comment", "-m") { Description = "Why, for the record." };

    /// <exception cref="NotFoundException">There is no such model, version or alias.</exception>
    public static async Task<ModelVersion> FindAsync(CommandSession session, string name, string version, CancellationToken cancellationToken)
    {
        var registry = session.Get<ModelRegistry>();
        var found = int.TryParse(version.TrimStart('v'), out var number)
            ? await registry.FindAsync(name, number, cancellationToken)
            : await registry.FindAsync(name, version, cancellationToken);
        if (found is not null)
            return found;
        var versions = await registry.ListAsync(name, cancellationToken);
        throw new NotFoundException(versions.Count == 0
            ? $"There is no model '{name}'. ./ecom models list shows what there is."
            : $"{name} has no version or alias '{version}'; it has {string.Join(", ", versions.Select(one => $"v{one.Version}"))}.");
    }
}
