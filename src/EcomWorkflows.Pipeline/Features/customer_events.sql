-- What customer_activity.sql reads, prepared once for all as-of times.
-- {orders}, {returns}: whether the view has features of that group; without them there is nothing to prepare.
-- What customers did besides is in the event log (Activity/EventLog.cs), which counts it for each as-of time.
create table purchase as
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

create table return_line as
select
  customer_id,
  coalesce(order_id, 'at ' || epoch_us(event_time)) as order_id,
  cast(amount as decimal(38, 6)) as amount,
  epoch_us(event_time) as t
from events
where event_type = 'return'
  and {returns};
