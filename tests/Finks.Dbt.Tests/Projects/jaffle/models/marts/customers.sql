select
    customers.customer_id, customers.customer_name, count(orders.order_id) as lifetime_orders, min(ordered_on) as first_ordered_on,
    sum(order_total) as lifetime_spend, case when count(orders.order_id) > 1 then 'returning' else 'new' end as customer_type
from {{ ref('stg_customers') }} as customers
left join {{ ref('orders') }} as orders using (customer_id)
group by all
