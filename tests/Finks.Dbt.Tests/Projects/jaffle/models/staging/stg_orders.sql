with source as (
    select * from {{ ref('raw_orders') }}
)
select
    id as order_id, store_id, customer as customer_id, date_trunc('day', ordered_at) as ordered_on,
    {% for money in ['subtotal', 'tax_paid', 'order_total'] -%}
    {{ cents_to_dollars(money) }} as {{ money }}{{ "," if not loop.last }}
    {% endfor %}
from source
