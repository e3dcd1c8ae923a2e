using System.Globalization;
using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>A customer on a retention list.</summary>
/// <param name="Rank">From 1, by expected profit.</param>
/// <param name="IsHeldOut">Would be contacted like the others, but is not, so that what contacting brings can be measured.</param>
/// <param name="ExpectedProfit">Of contacting the customer.</param>
/// <param name="ExpectedCost">Of contacting the customer.</param>
public sealed record RetentionTarget(
    string CustomerId, int Rank, bool IsHeldOut, double ChurnProbability, double CustomerValue, double ExpectedProfit, double ExpectedCost, string? Reasons)
{
    internal const string ContactGroup = "contact";

    internal const string HoldoutGroup = "holdout";

    /// <summary><c>contact</c> or <c>holdout</c>.</summary>
    public string Group => IsHeldOut ? HoldoutGroup : ContactGroup;

    /// <summary>The reasons for people, for example <c>recency = 342.17, frequency = 1</c>; null where the prediction was not explained.</summary>
    public string? Why() => Reasons is { } json ? string.Join(", ", JsonSerializer.Deserialize<PredictionDriver[]>(json, TaskJson.Options)!.Select(Word)) : null;

    private static string Word(PredictionDriver driver) =>
        $"{driver.Feature} = {(driver.Value is { } value ? value.ToString("0.##", CultureInfo.InvariantCulture) : "unknown")}";
}
