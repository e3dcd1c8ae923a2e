namespace EcomWorkflows.Pipeline.Training;

/// <summary>The query that makes a churn training set out of events and feature history.</summary>
internal static class TrainingSetSql
{
    /// <summary>Columns of the training set that are not features.</summary>
    internal static readonly IReadOnlyList<string> KeyColumns = ["customer_id", "split", "cutoff", "churned"];

    /// <summary>Columns of the feature history that are not features.</summary>
    internal static readonly IReadOnlyList<string> HistoryKeyColumns = ["customer_id", "event_timestamp", "created_timestamp"];

    /// <summary>
    /// One row per cutoff and customer with activity before it. Parameters: <c>$train_cutoff</c>, <c>$test_cutoff</c> (timestamps), <c>$outcome_days</c>.
    /// </summary>
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <param name="history">Table expression of the feature history.</param>
    /// <param name="features">Feature columns, in the order wanted.</param>
    /// <param name="historyHasCutoffs">
    /// Whether features were computed for exactly these cutoffs. Then the newest values not after a cutoff are those of the cutoff itself, and a plain
    /// join finds them in half the time.
    /// </param>
    internal static string Select(string events, string history, IReadOnlyList<string> features, bool historyHasCutoffs) =>
        $"""
        with moment as (
          select 'train' as split, $train_cutoff::timestamp as cutoff
          union all
          select 'test', $test_cutoff::timestamp
        ),
        -- Eligible: active before the cutoff. The outcome looks at [cutoff, cutoff + outcome days) and at nothing else.
        customer as (
          select m.split, m.cutoff, e.customer_id,
            bool_or(e.event_time >= m.cutoff) as stayed
          from {events} e
          join moment m on e.event_time < m.cutoff + to_days($outcome_days::int)
          where e.is_activity
          group by m.split, m.cutoff, e.customer_id
          having bool_or(e.event_time < m.cutoff)
        ),
        -- Point in time: never a value from after the cutoff.
        history as (
          select *
          from {history}
          where event_timestamp <= $test_cutoff::timestamp
        )
        select c.customer_id, c.split, c.cutoff,
          case when c.stayed then 0 else 1 end as churned,
          {string.Join(", ", features.Select(feature => $"h.{Quote(feature)}"))}
        from customer c
        {(historyHasCutoffs
            ? "join history h on h.customer_id = c.customer_id and h.event_timestamp = c.cutoff"
            : "asof join history h on h.customer_id = c.customer_id and c.cutoff >= h.event_timestamp")}
        order by c.cutoff, c.customer_id
        """;

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
