using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Activity;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class EventLogTests
{
    private const string Cut = "timestamp '2026-02-15'";

    /// <summary>The same counts by SQL: two windows and a group.</summary>
    private const string Reference =
        $"""
        select customer_id,
          count(*) as n_events,
          count(*) filter (event_type = 'view') as n_views,
          count(*) filter (event_type = 'seller_view') as n_seller_views,
          count(*) filter (event_type = 'cart') as n_carts,
          count(*) filter (event_type = 'purchase') as n_purchases,
          count(*) filter (event_type = 'view' and event_time >= {Cut} - interval 7 day) as views_7d,
          count(*) filter (event_type = 'view' and event_time >= {Cut} - interval 30 day) as views_30d,
          count(*) filter (event_time >= {Cut} - interval 1 day) as events_1d,
          count(*) filter (event_time >= {Cut} - interval 7 day) as events_7d,
          count(*) filter (event_time >= {Cut} - interval 30 day) as events_30d,
          count(*) filter (opens_session) as n_sessions,
          count(distinct product_id) as n_products_seen,
          min(epoch_us(event_time)) as first_t,
          max(epoch_us(event_time)) as last_t
        from (
          select *, coalesce(event_time - lag(event_time) over (partition by customer_id order by event_time) > interval 30 minute, true) as opens_session
          from events
          where event_type <> 'return'
        )
        where event_time < {Cut}
        group by customer_id
        having bool_or(is_activity)
        """;

    // Ids and products of few and many bytes; customers with one event and with hundreds; many events at the same minute, some at the moment itself.
    private const string Events =
        """
        create view events as
        select
          case when c < 40 then 'c' || c when c < 70 then 'a customer with a long id ' || c else chr(228) || c end as customer_id,
          case when hash(i, 1) % 9 = 0 then null when hash(i, 2) % 3 = 0 then 'a product with a long id ' || (hash(i, 3) % 30) else left('article', (1 + hash(i, 7) % 5)::integer) || (hash(i, 3) % 30) end as product_id,
          timestamp '2026-01-01' + interval 1 minute * (hash(i, 4) % 65000)::integer as event_time,
          ['view', 'view', 'seller_view', 'cart', 'purchase', 'return', 'search'][(1 + hash(i, 5) % 7)::bigint] as event_type,
          hash(i, 6) % 20 = 0 as is_activity
        from (select i, (sqrt(hash(i) % 10000))::integer % 97 as c from range(20000) t(i))
        union all
        select 'c1', 'p1', timestamp '2026-02-15', 'view', true
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Counts_are_those_of_SQL_whether_read_at_once_or_in_parts(int parts)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.Execute(Events);
        duck.Execute(CustomerActivitySql.ActiveDefinition);
        var cut = duck.Scalar<long>($"select epoch_us({Cut})");

        using var logs = new EventLogs([.. Enumerable.Range(0, parts).Select(part => EventLog.Read(duck, part, parts, expected: 100, CancellationToken.None))]);
        using (var rows = duck.CreateAppender(CustomerActivitySql.ActiveTable))
        {
            new ActivityWriter(logs, cut).Write(rows);
            rows.Flush();
        }

        logs.Active(cut).ShouldBe(duck.Scalar<long>($"select count(*) from {CustomerActivitySql.ActiveTable}"));
        duck.Scalar<long>($"select count(*) from {CustomerActivitySql.ActiveTable}").ShouldBeGreaterThan(50);
        duck.Scalar<long>($"select count(*) from (({Reference}) except (from {CustomerActivitySql.ActiveTable}))").ShouldBe(0);
        duck.Scalar<long>($"select count(*) from ((from {CustomerActivitySql.ActiveTable}) except ({Reference}))").ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_come_in_the_order_of_the_customers(int parts)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.Execute(Events);
        duck.Execute(CustomerActivitySql.ActiveDefinition);
        using var logs = new EventLogs([.. Enumerable.Range(0, parts).Select(part => EventLog.Read(duck, part, parts, expected: 100, CancellationToken.None))]);
        using (var rows = duck.CreateAppender(CustomerActivitySql.ActiveTable))
            new ActivityWriter(logs, long.MaxValue).Write(rows);

        var customers = duck.QueryRows($"select customer_id from {CustomerActivitySql.ActiveTable} order by rowid", row => row.Get<string>(0));

        customers.ShouldBe(duck.QueryRows($"select customer_id from {CustomerActivitySql.ActiveTable} order by customer_id", row => row.Get<string>(0)));
    }

    [Fact]
    public void A_text_has_one_code_however_its_bytes_begin_and_end()
    {
        using var codes = new TextCodes();
        byte[][] texts = [.. Enumerable.Range(0, 20_000).Select(i => System.Text.Encoding.UTF8.GetBytes($"{i}{new string('x', i % 13)}")), [], [0], [0, 0], "a"u8.ToArray(), "a\0"u8.ToArray(), "12345678"u8.ToArray(), "12345678\0"u8.ToArray()];

        var first = texts.Select(text => codes.CodeOf(text)).ToArray();

        first.ShouldBe(Enumerable.Range(0, texts.Length));
        texts.Select(text => codes.CodeOf(text)).ShouldBe(first);
        var (sorted, order) = codes.InOrder();
        var inOrder = order.Select(code => codes[code].ToArray()).ToArray();
        inOrder.Select((text, place) => sorted[place].SequenceEqual(text)).ShouldAllBe(same => same);
        inOrder.Zip(inOrder.Skip(1), (before, after) => before.AsSpan().SequenceCompareTo(after)).ShouldAllBe(order => order < 0);
    }
}
