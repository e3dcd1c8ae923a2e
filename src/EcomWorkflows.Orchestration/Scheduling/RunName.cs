using System.Text.RegularExpressions;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Names that runs may be given: such as can stand in an address.</summary>
internal static partial class RunName
{
    public const int MaxLength = 250;

    /// <exception cref="OrchestrationException">It cannot be a run's name; the message says what can.</exception>
    public static void Check(string name)
    {
        if (!Pattern().IsMatch(name))
            throw new OrchestrationException($"'{name}' cannot be the name of a run (dag_run_id). Use 1 to {MaxLength} letters, digits, '_', '-', '.', '~', ':' or '+', and not '.' or '..' alone.");
    }

    [GeneratedRegex(@"^(?!\.{1,2}\z)[A-Za-z0-9_.~:+-]{1,250}\z")]
    private static partial Regex Pattern();
}
