using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.VisitorItem;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>The features of every candidate pair of visitor and item at a time, as the feature store had them.</summary>
internal static class PairFeatures
{
    /// <summary>The three of the classic variant, which the predictions carry in both.</summary>
    internal static readonly IReadOnlyList<string> Scores = [VisitorItemFeatures.InteractionScore, VisitorItemFeatures.FunnelDepth, VisitorItemFeatures.EngagementScore];

    /// <exception cref="TaskFailedException">The features are about something else than pairs, or a score that every prediction carries is not among them.</exception>
    internal static void Require(TaskFeatures features)
    {
        IReadOnlyList<string> keys = ComputedView.VisitorItem.JoinKeys;
        if (!features.View.JoinKeys.SequenceEqual(keys) || features.JoinKeys.Except(keys).Any())
        {
            throw new TaskFailedException(
                $"Purchases are about pairs of visitor and item, but the features asked for are joined by {string.Join(", ", features.JoinKeys)}, those of the first view by {string.Join(", ", features.View.JoinKeys)}. "
                + $"List the features of a view by {string.Join(" and ", keys)} first in the service in workflows/features, and none of other entities than these.",
                FailureCause.BadData, retryable: false);
        }

        string[] missing = [.. Scores.Except(features.Names)];
        if (missing.Length > 0)
        {
            throw new TaskFailedException(
                $"The features asked for lack {string.Join(", ", missing)}, which every purchase prediction carries. Put them into the service in workflows/features.", FailureCause.BadData, retryable: false);
        }
    }

    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <returns>Table expression as <see cref="TaskFeatures.AtExactly"/> has it.</returns>
    internal static string At(
        IReadOnlyCollection<DateTimeOffset> times, TaskFeatures features, DuckDbConnection duckdb, string events, int candidateDays, TaskContext context, CancellationToken cancellationToken)
    {
        // The view computed at these times has rows for exactly the candidates of each.
        if (features.AtExactly(duckdb, times, cancellationToken) is { } exact)
            return exact;
        duckdb.Execute(PairSql.Candidates(times, events, candidateDays), null, cancellationToken);
        return features.AsOf(duckdb, context.Time.GetUtcNow(), cancellationToken);
    }
}
