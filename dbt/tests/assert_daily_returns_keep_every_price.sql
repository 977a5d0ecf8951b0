-- Every price above zero has its row, once.
select
    coalesce(p.symbol, r.symbol) as symbol,
    coalesce(p.days, 0) as priced_days,
    coalesce(r.days, 0) as return_days
from (select symbol, count(*) as days from {{ ref('stg_fmp_eod_prices') }} where close > 0 group by symbol) as p
full outer join (select symbol, count(*) as days from {{ ref('daily_returns') }} group by symbol) as r on p.symbol = r.symbol
where coalesce(p.days, 0) <> coalesce(r.days, 0)
