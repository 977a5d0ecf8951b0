select sku as product_id, name as product_name, type as product_type, {{ cents_to_dollars('price') }} as price from {{ ref('raw_products') }}
