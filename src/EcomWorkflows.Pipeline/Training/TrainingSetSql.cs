using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>The query that makes a churn training set out of events and feature history.</summary>
internal static class TrainingSetSql
{
    /// <summary>Columns of the training set that are not features.</summary>
    internal static readonly IReadOnlyList<string> KeyColumns = ["customer_id", "split", "cutoff", FeatureTimeSentinel.AsOf, "churned"];

    /// <summary>
    /// One row per cutoff and customer with activity before it, ordered, so the same data gives the same file.
    /// </summary>
    /// <param name="windows">Cutoffs, gap, outcome and observation window.</param>
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <param name="known">Table expression: of each customer active before a cutoff (<c>event_timestamp</c>), the features known at it.</param>
    /// <param name="features">Feature columns, in the order wanted.</param>
    internal static string Select(ChurnWindows windows, string events, string known, IReadOnlyList<string> features) =>
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
          select m.split, m.cutoff, h.*
          from {known} h
          join moment m on m.cutoff = h.event_timestamp
        )
        select k.customer_id, k.split, k.cutoff, k.{FeatureTimeSentinel.AsOf},
          case when s.customer_id is null then 1 else 0 end as churned,
          {string.Join(", ", features.Select(feature => $"k.{Quote(feature)}"))}
        from known k
        left join stayed s on s.cutoff = k.cutoff and s.customer_id = k.customer_id
        {(windows.ObservationDays is { } days ? Observed(events, days) : "")}
        order by k.cutoff, k.customer_id
        """;

    /// <summary>The rows of <see cref="Select"/> in the order <paramref name="known"/> has them, with everybody labelled as active.</summary>
    /// <param name="known">As <see cref="Select"/> takes it, of the cutoffs alone.</param>
    internal static string Unlabelled(ChurnWindows windows, string known, IReadOnlyList<string> features) =>
        $"""
        select k.customer_id, case when k.event_timestamp = {Literal(windows.TestCutoff)} then 'test' else 'train' end as split, k.event_timestamp as cutoff, k.{FeatureTimeSentinel.AsOf},
          0 as churned,
          {string.Join(", ", features.Select(feature => $"k.{Quote(feature)}"))}
        from {known} k
        """;

    /// <summary>Activity in any of the outcome windows: customer, and time in microseconds since 1970.</summary>
    internal static string Activity(ChurnWindows windows, string events)
    {
        IEnumerable<string> outcomes = windows.TrainCutoffs.Append(windows.TestCutoff)
            .Select(cutoff => $"(event_time >= {Literal(cutoff.AddDays(windows.GapDays))} and event_time < {Literal(cutoff.AddDays(windows.GapDays + windows.OutcomeDays))})");
        return $"""
            select customer_id, epoch_us(event_time)
            from {events}
            where is_activity
              and customer_id is not null
              and ({string.Join(" or ", outcomes)})
            """;
    }

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
