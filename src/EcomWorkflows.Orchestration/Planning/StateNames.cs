using System.Text.Json;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Names of enum values in the database, the API and the logs: snake_case, one spelling everywhere.</summary>
public static class StateNames
{
    /// <summary>The wire name, for example <c>upstream_failed</c>.</summary>
    public static string ToWire<TEnum>(this TEnum value)
        where TEnum : struct, Enum => Names<TEnum>.ByValue[value];

    /// <summary>The value of a wire name.</summary>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the allowed ones.</exception>
    public static TEnum Parse<TEnum>(string wire)
        where TEnum : struct, Enum =>
        TryParse<TEnum>(wire, out var value)
            ? value
            : throw new ArgumentException($"'{wire}' is no {typeof(TEnum).Name}; allowed: {string.Join(", ", Names<TEnum>.ByName.Keys)}.", nameof(wire));

    public static bool TryParse<TEnum>(string wire, out TEnum value)
        where TEnum : struct, Enum => Names<TEnum>.ByName.TryGetValue(wire, out value);

    public static IReadOnlyCollection<string> All<TEnum>()
        where TEnum : struct, Enum => Names<TEnum>.ByName.Keys;

    /// <summary>Whether nothing more happens to the instance by itself.</summary>
    public static bool IsFinished(this TaskState state) =>
        state is TaskState.Success or TaskState.Failed or TaskState.Skipped or TaskState.UpstreamFailed or TaskState.Removed;

    /// <summary>The state a decision sets at once; <see cref="TaskState.None"/> for one to run or to wait.</summary>
    public static TaskState StateWithoutRun(this TriggerDecision decision) => decision switch
    {
        TriggerDecision.Skip or TriggerDecision.Bypass => TaskState.Skipped,
        TriggerDecision.FailUpstream => TaskState.UpstreamFailed,
        TriggerDecision.Remove => TaskState.Removed,
        _ => TaskState.None,
    };

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ByValue =
            Enum.GetValues<TEnum>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));

        public static readonly Dictionary<string, TEnum> ByName = ByValue.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }
}
