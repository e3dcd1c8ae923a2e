using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>The features of every customer who was active before a time, as the feature store had them.</summary>
internal static class ChurnFeatures
{
    private const string CustomerKey = "customer_id";

    /// <exception cref="TaskFailedException">The features are about something else than customers.</exception>
    internal static void Require(TaskFeatures features)
    {
        if (features.JoinKeys is not [CustomerKey])
        {
            throw new TaskFailedException(
                $"Churn is about customers, but the features asked for are joined by {string.Join(", ", features.JoinKeys)}. Take features of other entities out of the service in workflows/features.",
                FailureCause.BadData, retryable: false);
        }
    }

    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <returns>Table expression as <see cref="TaskFeatures.AtExactly"/> has it.</returns>
    internal static string At(
        IReadOnlyCollection<DateTimeOffset> times, TaskFeatures features, DuckDbConnection duckdb, string events, TaskContext context, CancellationToken cancellationToken)
    {
        // A view computed at these times has rows for exactly the customers who were active before them.
        if (features.AtExactly(duckdb, times, cancellationToken) is { } exact)
            return exact;
        duckdb.Execute(TrainingSetSql.Pairs(times, events), null, cancellationToken);
        return features.AsOf(duckdb, context.Time.GetUtcNow(), cancellationToken);
    }
}
