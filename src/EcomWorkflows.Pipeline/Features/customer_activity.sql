-- One row per customer with activity before the as-of time, from what happened before that time only.
-- Reads: {active}() (the event log's counts at the as-of time); purchase, return_line (made by customer_events.sql); customers.
-- Times are microseconds, money and quantities exact decimals: their sums do not depend on the order of addition, so the same data gives the same bits.
with
moment as (
  select epoch_us($as_of::timestamp) as cut
),

-- Orders. An order is what of it happened before the as-of time.
bought as (
  select m.cut, p.*
  from purchase p
  join moment m on p.t < m.cut
),
customer_order as (
  select cut, customer_id, order_id,
    min(t) as t,
    sum(amount) as amount,
    count(*) as lines,
    sum(quantity) as quantity
  from bought
  group by all
),
customer_gap as (
  select *, cast(t - lag(t) over (partition by cut, customer_id order by t, order_id) as hugeint) as gap
  from customer_order
),
rhythm as (
  select cut, customer_id,
    count(*) as orders,
    sum(amount) as order_amount,
    sum(lines) as order_lines,
    sum(quantity) as order_quantity,
    count(gap) as gaps,
    sum(gap) as gap_sum,
    sum(gap * gap) as gap_squares
  from customer_gap
  group by all
),
purchases as (
  select cut, customer_id,
    max(t) as last_t,
    min(t) as first_t,
    sum(amount) as amount,
    count(distinct product_id) as products,
    sum(unit_price) as prices,
    count(unit_price) as priced_lines,
    count(distinct day) as days,
    sum(amount) filter (t >= cut - 30 * 86_400_000_000) as amount_30d,
    sum(amount) filter (t >= cut - 90 * 86_400_000_000) as amount_90d,
    count(distinct order_id) filter (t >= cut - 30 * 86_400_000_000) as orders_30d,
    count(distinct order_id) filter (t >= cut - 90 * 86_400_000_000) as orders_90d
  from bought
  group by all
),
buyer as (
  select
    cut, customer_id,
    (cut - last_t) / 86_400e6 as recency,
    (cut - first_t) / 86_400e6 as tenure,
    cast(orders as double) as frequency,
    coalesce(cast(amount as double), 0) as monetary,
    cast(order_amount as double) / orders as avg_basket,
    cast(order_lines as double) / orders as avg_lines,
    cast(order_quantity as double) / orders as avg_qty,
    cast(products as double) as n_products,
    cast(prices as double) / nullif(priced_lines, 0) as avg_price,
    cast(days as double) as active_days,
    coalesce(gap_sum / gaps / 86_400e6, tenure) as gap_mean,
    case when gaps > 1 then sqrt((gaps * gap_squares - gap_sum * gap_sum) / (gaps * (gaps - 1))) / 86_400e6 else 0 end as gap_std,
    recency / (gap_mean + 1) as recency_over_gap,
    coalesce(cast(amount_30d as double), 0) as spend_30d,
    cast(orders_30d as double) as orders_30d,
    coalesce(cast(amount_90d as double), 0) as spend_90d,
    cast(orders_90d as double) as orders_90d
  from purchases
  join rhythm using (cut, customer_id)
),

-- Returns.
returner as (
  select cut, customer_id,
    -cast(sum(amount) as double) as return_amount,
    cast(count(distinct order_id) as double) as return_invoices
  from return_line
  join moment on t < cut
  group by all
)

select
  a.customer_id,
  $as_of::timestamp as event_timestamp,
  b.recency,
  b.tenure,
  coalesce(b.frequency, 0) as frequency,
  coalesce(b.monetary, 0) as monetary,
  b.avg_basket,
  b.avg_lines,
  b.avg_qty,
  coalesce(b.n_products, 0) as n_products,
  b.avg_price,
  coalesce(b.active_days, 0) as active_days,
  b.gap_mean,
  b.gap_std,
  b.recency_over_gap,
  coalesce(b.spend_30d, 0) as spend_30d,
  coalesce(b.orders_30d, 0) as orders_30d,
  coalesce(b.spend_90d, 0) as spend_90d,
  coalesce(b.orders_90d, 0) as orders_90d,
  coalesce(r.return_amount, 0) as return_amount,
  coalesce(r.return_invoices, 0) as return_invoices,
  coalesce(r.return_amount, 0) / (coalesce(b.monetary, 0) + 1e-9) as return_rate,
  cast(c.home_country as double) as home_country,
  cast(a.n_views as double) as n_views,
  cast(a.n_seller_views as double) as n_seller_views,
  cast(a.n_carts as double) as n_carts,
  cast(a.n_purchases as double) as n_purchases,
  cast(a.views_7d as double) as views_7d,
  cast(a.views_30d as double) as views_30d,
  cast(a.events_1d as double) as events_1d,
  cast(a.events_7d as double) as events_7d,
  cast(a.events_30d as double) as events_30d,
  cast(a.n_sessions as double) as n_sessions,
  cast(a.n_products_seen as double) as n_products_seen,
  (epoch_us($as_of::timestamp) - a.last_t) / 86_400e6 as days_since_last_event,
  (epoch_us($as_of::timestamp) - a.first_t) / 86_400e6 as days_since_first_event,
  a.n_carts / (a.n_views + 1.0) as cart_rate,
  cast(a.n_events as double) / a.n_sessions as events_per_session
from {active}() a
left join buyer b using (customer_id)
left join returner r using (customer_id)
left join customers c using (customer_id)
