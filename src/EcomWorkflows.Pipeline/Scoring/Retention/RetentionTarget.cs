namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>A customer on a retention list.</summary>
/// <param name="Rank">From 1, by expected profit.</param>
/// <param name="IsHeldOut">Would be contacted like the others, but is not, so that what contacting brings can be measured.</param>
/// <param name="ExpectedProfit">Of contacting the customer.</param>
/// <param name="ExpectedCost">Of contacting the customer.</param>
public sealed record RetentionTarget(
    string CustomerId, int Rank, bool IsHeldOut, double ChurnProbability, double CustomerValue, double ExpectedProfit, double ExpectedCost, string? Reasons)
{
    /// <summary><c>contact</c> or <c>holdout</c>.</summary>
    public string Group => IsHeldOut ? HoldoutGroup : ContactGroup;

    internal const string ContactGroup = "contact";

    internal const string HoldoutGroup = "holdout";
}
