select items.item_id, items.order_id, products.product_name, products.price, orders.ordered_on
from {{ ref('stg_items') }} as items
left join {{ ref('stg_products') }} as products using (product_id)
left join {{ ref('stg_orders') }} as orders using (order_id)
