with items as (
    select order_id, sum(price) as items_total, count(*) as items from {{ ref('order_items') }} group by order_id
)
select
    orders.*, items.items_total, items.items,
    row_number() over (partition by customer_id order by ordered_on, order_id) as customer_order_number
from {{ ref('stg_orders') }} as orders
left join items using (order_id)
