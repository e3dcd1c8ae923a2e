using System.Globalization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>What our events are called in Elsa's journal. Studio colours Started, Completed, Faulted, Suspended and Resumed; every other name is free.</summary>
internal static class JournalNames
{
    private const string Tasks = "task_state";
    private const string Runs = "run_state";

    private static readonly (JournalKind Kind, string Name)[] Known =
    [
        (new(Tasks, "none"), "Cleared"),
        (new(Tasks, "scheduled"), "Scheduled"),
        (new(Tasks, "queued"), "Queued"),
        (new(Tasks, "running"), "Started"),
        (new(Tasks, "restarting"), "Restarting"),
        (new(Tasks, "up_for_retry"), "Retrying"),
        (new(Tasks, "up_for_reschedule"), "Suspended"),
        (new(Tasks, "deferred"), "Suspended"),
        (new(Tasks, "awaiting_input"), "Suspended"),
        (new(Tasks, "success"), "Completed"),
        (new(Tasks, "failed"), "Faulted"),
        (new(Tasks, "failed", Cancelled: true), "Canceled"),
        (new(Tasks, "up_for_retry", Cancelled: true), "Retrying"),
        (new(Tasks, "skipped"), "Skipped"),
        (new(Tasks, "upstream_failed"), "UpstreamFailed"),
        (new(Tasks, "removed"), "Removed"),
        (new(Runs, "queued"), "Queued"),
        (new(Runs, "running"), "Started"),
        (new(Runs, "success"), "Completed"),
        (new(Runs, "failed"), "Faulted"),
        (new("publish", ""), "Published"),
        (new("clear", ""), "Cleared"),
    ];

    private static readonly Dictionary<JournalKind, string> ByKind = Known.ToDictionary(k => k.Kind, k => k.Name);

    /// <summary>The name of an event; one this table does not know is called by its kind.</summary>
    public static string Of(JournalKind kind) => ByKind.GetValueOrDefault(kind) ?? Title(kind.Kind);

    /// <summary>The events a name stands for.</summary>
    public static IEnumerable<JournalKind> Kinds(string name)
    {
        var known = Known.Where(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(k => k.Kind).ToList();
        return known.Count > 0 ? known : [new JournalKind(Kind(name), "")];
    }

    private static string Title(string kind) =>
        string.Concat(kind.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));

    private static string Kind(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
