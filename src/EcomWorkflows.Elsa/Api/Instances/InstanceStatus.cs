using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Elsa's status and sub-status of a run.</summary>
internal static class InstanceStatus
{
    public const string Running = "Running";
    public const string Finished = "Finished";

    private static readonly Dictionary<RunSituation, string> SubStatusOf = new()
    {
        [RunSituation.Queued] = "Pending",
        [RunSituation.Running] = "Executing",
        [RunSituation.Suspended] = "Suspended",
        [RunSituation.Interrupted] = "Interrupted",
        [RunSituation.Success] = "Finished",
        [RunSituation.Failed] = "Faulted",
        [RunSituation.Cancelled] = "Cancelled",
    };

    public static string Status(RunSituation situation) =>
        situation is RunSituation.Success or RunSituation.Failed or RunSituation.Cancelled ? Finished : Running;

    public static string SubStatus(RunSituation situation) => SubStatusOf[situation];

    /// <summary>The situations that fit all of what is given; null where nothing is given.</summary>
    /// <exception cref="DefinitionRefusedException">A name is no status or sub-status.</exception>
    public static IReadOnlyCollection<RunSituation>? Situations(IReadOnlyCollection<string> statuses, IReadOnlyCollection<string> subStatuses)
    {
        Check("status", statuses, [Running, Finished]);
        Check("subStatus", subStatuses, SubStatusOf.Values);
        if (statuses.Count == 0 && subStatuses.Count == 0)
            return null;
        return
        [
            .. SubStatusOf.Keys.Where(s => (statuses.Count == 0 || statuses.Contains(Status(s), StringComparer.OrdinalIgnoreCase))
                && (subStatuses.Count == 0 || subStatuses.Contains(SubStatus(s), StringComparer.OrdinalIgnoreCase))),
        ];
    }

    private static void Check(string field, IReadOnlyCollection<string> given, IReadOnlyCollection<string> allowed)
    {
        if (given.FirstOrDefault(name => !allowed.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new DefinitionRefusedException(field, $"'{unknown}' is not a {field}; allowed: {string.Join(", ", allowed)}.");
    }
}
