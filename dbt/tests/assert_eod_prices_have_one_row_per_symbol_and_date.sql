select symbol, date, count(*) as row_count
from {{ ref('stg_fmp_eod_prices') }}
group by symbol, date
having count(*) > 1
