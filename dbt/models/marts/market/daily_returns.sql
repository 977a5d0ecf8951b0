select
    symbol,
    date,
    close,
    volume,
    dividend,
    split_ratio,
    close_split_adjusted,
    close_adjusted_crsp,
    close_adjusted_reinvested,
    split_ratio * close / previous_close - 1 as price_return,
    split_ratio * (close + dividend) / previous_close - 1 as total_return,
    ln(split_ratio * (close + dividend) / previous_close) as log_return
from {{ ref('int_adjusted_prices') }}
