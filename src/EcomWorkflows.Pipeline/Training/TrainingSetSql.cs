using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>The query that makes a churn training set out of events and feature history.</summary>
internal static class TrainingSetSql
{
    /// <summary>Columns of the training set that are not features.</summary>
    internal static readonly IReadOnlyList<string> KeyColumns = ["customer_id", "split", "cutoff", FeatureTimeSentinel.AsOf, "churned"];

    /// <summary>
    /// One row per customer with activity before a cutoff, ordered, so the same data gives the same file.
    /// </summary>
    /// <param name="windows">Gap, outcome and observation window.</param>
    /// <param name="cutoff">One of its training cutoffs, or the test cutoff.</param>
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <param name="known">Table expression: of each customer active before a cutoff (<c>event_timestamp</c>), the features known at it.</param>
    /// <param name="features">Feature columns, in the order wanted.</param>
    internal static string Select(ChurnWindows windows, DateTimeOffset cutoff, string events, string known, IReadOnlyList<string> features) =>
        $"""
        -- The outcome looks at [cutoff + gap, cutoff + gap + outcome days) and at nothing else.
        with stayed as (
          {Activity(windows, cutoff, events)}
        )
        select {Columns(windows, cutoff, "case when s.customer_id is null then 1 else 0 end", features)}
        from {known} k
        left join (select distinct customer_id from stayed) s using (customer_id)
        where k.event_timestamp = {Literal(cutoff)}
          {(windows.ObservationDays is { } days ? Observed(events, days) : "")}
        order by k.customer_id
        """;

    /// <summary>The rows of <see cref="Select"/> in the order <paramref name="known"/> has them, with everybody labelled as gone.</summary>
    internal static string Unlabelled(ChurnWindows windows, DateTimeOffset cutoff, string known, IReadOnlyList<string> features) =>
        $"""
        select {Columns(windows, cutoff, "1", features)}
        from {known} k
        where k.event_timestamp = {Literal(cutoff)}
        """;

    /// <summary>The customer of each event in the outcome window of a cutoff.</summary>
    internal static string Activity(ChurnWindows windows, DateTimeOffset cutoff, string events) =>
        $"""
        select customer_id
        from {events}
        where is_activity
          and customer_id is not null
          and event_time >= {Literal(cutoff.AddDays(windows.GapDays))}
          and event_time < {Literal(cutoff.AddDays(windows.GapDays + windows.OutcomeDays))}
        """;

    /// <summary>A list of the cutoffs as SQL values.</summary>
    internal static string Literals(IEnumerable<DateTimeOffset> cutoffs) => string.Join(", ", cutoffs.Select(Literal));

    private static string Columns(ChurnWindows windows, DateTimeOffset cutoff, string churned, IReadOnlyList<string> features) =>
        $"""
        k.customer_id, '{(cutoff == windows.TestCutoff ? "test" : "train")}' as split, k.event_timestamp as cutoff, k.{FeatureTimeSentinel.AsOf},
          {churned} as churned,
          {string.Join(", ", features.Select(feature => $"k.{Quote(feature)}"))}
        """;

    private static string Literal(DateTimeOffset time) => $"timestamp '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}'";

    private static string Observed(string events, int days) =>
        $"""
        and exists (
          select 1
          from {events} e
          where e.customer_id = k.customer_id
            and e.is_activity
            and e.event_time < k.event_timestamp
            and e.event_time >= k.event_timestamp - to_days({days}))
        """;

    /// <summary>Table <c>pair</c> for the point-in-time join: every customer with activity before a cutoff, at that cutoff.</summary>
    internal static string Pairs(IEnumerable<DateTimeOffset> cutoffs, string events) =>
        $"""
        create temp table pair as
        select row_number() over () as pair_id, customer_id, cutoff as event_timestamp
        from (
          select distinct m.cutoff, e.customer_id
          from {events} e
          join (select unnest([{Literals(cutoffs)}]) as cutoff) m on e.event_time < m.cutoff
          where e.is_activity
        )
        """;

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
