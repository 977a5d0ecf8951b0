select
    symbol,
    date,
    open,
    high,
    low,
    close,
    volume
from {{ latest_known('eod_price_split_adjusted', ['symbol', 'date']) }} as prices
