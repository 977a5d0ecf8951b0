select symbol, trade_date, close / lag(close) over (partition by symbol order by trade_date) - 1 as daily_return
from {{ ref('stg_prices') }}
