{%- set columns = ['open', 'close'] -%}
select
    symbol,
    trade_date,
    {% for column in columns -%}
    {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ source('silver', 'eod_price_raw') }}
