{{ config(alias='rev') }}
select customer_id, sum(amount_cents) * (1 + {{ var('tax_rate') }}) as total, count(*) n
from {{ ref('stg_orders') }}
{% if is_incremental() %}where false{% endif %}
group by 1
