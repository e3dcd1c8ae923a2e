using System.CommandLine;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom features</c>: the feature store.</summary>
internal static class FeaturesCommand
{
    public static Command Create() => new("features", "Define, look at and ask for features: plan, apply, list, show, history.")
    {
        FeaturesPlanCommand.Create(),
        FeaturesApplyCommand.Create(),
        FeaturesListCommand.Create(),
        FeaturesShowCommand.Create(),
        FeaturesHistoryCommand.Create(),
    };

    /// <summary>Runs what can be refused, and says why it was.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (FeatureFileException wrong)
        {
            throw new CliException(ExitCode.Failed, $"nothing was changed, {wrong.Problems.Count} problem(s) in the files:{Environment.NewLine}{wrong.Message}");
        }
        catch (FeatureRequestException refused)
        {
            throw new CliException(ExitCode.Usage, refused.Message);
        }
    }

    public static void Print(IReadOnlyList<FeatureChange> changes)
    {
        foreach (var change in changes)
        {
            Console.WriteLine($"{change.Action,-16} {change.Kind} {change.Name} v{change.Version}");
            foreach (var detail in change.Details)
                Console.WriteLine($"                   {detail}");
        }
        if (changes.Count == 0)
            Console.WriteLine("There is nothing in workflows/features, and nothing registered.");
    }
}
