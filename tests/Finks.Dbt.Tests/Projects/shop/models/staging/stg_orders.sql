

{{ config(tags=['x'], meta={'level': 2}) }}
{# a comment that leaves an empty line #}
select id as order_id, customer_id, placed_on, {{ cents('amount') }} as amount_cents, status
from {{ ref('raw_orders') }}
-- {{ this }} {{ var('label') }} {{ var('region') }} {{ var('absent', 7) }}

