using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>The query that makes a churn training set out of events and feature history.</summary>
internal static class TrainingSetSql
{
    /// <summary>Columns of the training set that are not features.</summary>
    internal static readonly IReadOnlyList<string> KeyColumns = ["customer_id", "split", "cutoff", FeatureTimeSentinel.AsOf, "churned"];

    /// <summary>Columns of the feature history that are not features.</summary>
    internal static readonly IReadOnlyList<string> HistoryKeyColumns = ["customer_id", "event_timestamp", "created_timestamp"];

    /// <summary>
    /// One row per cutoff and customer with activity before it, ordered, so the same data gives the same file.
    /// </summary>
    /// <param name="windows">Cutoffs, gap, outcome and observation window.</param>
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <param name="history">Table expression of the feature history.</param>
    /// <param name="features">Feature columns, in the order wanted.</param>
    /// <param name="historyHasCutoffs">Whether features were computed for exactly these cutoffs.</param>
    internal static string Select(ChurnWindows windows, string events, string history, IReadOnlyList<string> features, bool historyHasCutoffs) =>
        $"""
        with moment as (
          select *
          from (values {Moments(windows)}) m(split, cutoff)
        ),
        -- The outcome looks at [cutoff + gap, cutoff + gap + outcome days) and at nothing else.
        stayed as (
          select distinct m.cutoff, e.customer_id
          from {events} e
          join moment m on e.event_time >= m.cutoff + to_days({windows.GapDays}) and e.event_time < m.cutoff + to_days({windows.GapDays + windows.OutcomeDays})
          where e.is_activity
        ),
        known as (
        {(historyHasCutoffs ? AtCutoffs(history) : AsOfCutoffs(windows, events, history))}
        )
        select k.customer_id, k.split, k.cutoff, k.event_timestamp as {FeatureTimeSentinel.AsOf},
          case when s.customer_id is null then 1 else 0 end as churned,
          {string.Join(", ", features.Select(feature => $"k.{Quote(feature)}"))}
        from known k
        left join stayed s on s.cutoff = k.cutoff and s.customer_id = k.customer_id
        {(windows.ObservationDays is { } days ? Observed(events, days) : "")}
        order by k.cutoff, k.customer_id
        """;

    /// <summary>A list of the cutoffs as SQL values.</summary>
    internal static string Literals(IEnumerable<DateTimeOffset> cutoffs) => string.Join(", ", cutoffs.Select(Literal));

    private static string Moments(ChurnWindows windows) =>
        string.Join(", ", windows.TrainCutoffs.Select(cutoff => $"('train', {Literal(cutoff)})").Append($"('test', {Literal(windows.TestCutoff)})"));

    private static string Literal(DateTimeOffset time) => $"timestamp '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}'";

    private static string Observed(string events, int days) =>
        $"""
        where exists (
          select 1
          from {events} e
          where e.customer_id = k.customer_id
            and e.is_activity
            and e.event_time < k.cutoff
            and e.event_time >= k.cutoff - to_days({days}))
        """;

    // The view has a row at a moment for exactly the customers who were active before it, and nothing is newer than the cutoff's own row:
    // eligibility and point-in-time join are one equality, at a third of the cost of the general form.
    private static string AtCutoffs(string history) =>
        $"""
          select m.split, m.cutoff, h.*
          from {history} h
          join moment m on m.cutoff = h.event_timestamp
        """;

    // The general form: eligible by the events themselves, and of each customer's values the newest that are not after the cutoff.
    private static string AsOfCutoffs(ChurnWindows windows, string events, string history) =>
        $"""
          select c.split, c.cutoff, h.*
          from (
            select distinct m.split, m.cutoff, e.customer_id
            from {events} e
            join moment m on e.event_time < m.cutoff
            where e.is_activity
          ) c
          asof join (
            select *
            from {history}
            where event_timestamp <= {Literal(windows.TestCutoff)}
          ) h on h.customer_id = c.customer_id and c.cutoff >= h.event_timestamp
        """;

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
