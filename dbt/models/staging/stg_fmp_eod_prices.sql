{# A table: five models and tests read it, and picking the latest versions is the costly part. #}
{{ config(materialized='table') }}

select
    symbol,
    date,
    open,
    high,
    low,
    close,
    volume
from {{ latest_known('eod_price_raw', ['symbol', 'date']) }} as prices
