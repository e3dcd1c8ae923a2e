-- What customer_activity.sql reads, prepared once for all as-of times.
-- {orders}, {returns}, {browsing}: whether the view has features of that group; without them there is nothing to prepare.
create temp table purchase as
select
  customer_id,
  product_id,
  coalesce(order_id, 'at ' || epoch_us(event_time)) as order_id,
  cast(event_time as date) as day,
  cast(quantity as decimal(38, 6)) as quantity,
  cast(unit_price as decimal(38, 6)) as unit_price,
  cast(amount as decimal(38, 6)) as amount,
  epoch_us(event_time) as t
from events
where event_type = 'purchase'
  and {orders};

create temp table return_line as
select
  customer_id,
  coalesce(order_id, 'at ' || epoch_us(event_time)) as order_id,
  cast(amount as decimal(38, 6)) as amount,
  epoch_us(event_time) as t
from events
where event_type = 'return'
  and {returns};

create temp table visit as
select
  customer_id,
  event_type = 'view' as is_view,
  event_type = 'seller_view' as is_seller_view,
  event_type = 'cart' as is_cart,
  event_type = 'purchase' as is_purchase,
  is_activity,
  t,
  {browsing} and coalesce(t - lag(t) over of_customer > 30 * 60_000_000, true) as opens_session,
  {browsing} and product_id is not null and row_number() over of_product = 1 as is_new_product
from (select *, epoch_us(event_time) as t from events)
where event_type <> 'return'
window
  of_customer as (partition by customer_id order by t),
  of_product as (partition by customer_id, product_id order by t)
