-- A regular and a special dividend may go ex on one day.
select
    symbol,
    ex_date,
    sum(dividend) as dividend
from {{ latest_known('dividend', ['symbol', 'ex_date', 'dividend']) }} as dividends
where dividend > 0
group by symbol, ex_date
