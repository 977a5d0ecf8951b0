with prices as (

    select
        symbol,
        date,
        cast(close as double) as close,
        cast(volume as double) as volume,
        cast(lag(close) over (partition by symbol order by date) as double) as previous_close
    from {{ ref('stg_fmp_eod_prices') }}
    where close > 0

),

announced as (

    select symbol, date, split_ratio, 0 as dividend from {{ ref('stg_fmp_splits') }}
    union all
    select symbol, ex_date, 1, cast(dividend as double) from {{ ref('stg_fmp_dividends') }}

),

-- Each event counts on the first trading day on or after its date.
effective as (

    select
        announced.symbol,
        announced.split_ratio,
        announced.dividend,
        min(prices.date) as date
    from announced
    inner join prices
        on announced.symbol = prices.symbol
        and prices.date between announced.date and announced.date + interval '10' day
    group by announced.symbol, announced.date, announced.split_ratio, announced.dividend

),

-- Binary floating point is added in a given order, here and in the marts: equal input gives equal bits.
events as (

    select
        symbol,
        date,
        exp(sum(ln(split_ratio) order by split_ratio)) as split_ratio,
        sum(dividend order by dividend) as dividend
    from effective
    group by symbol, date

),

-- What an event does to the prices before it. On a symbol's first day there are none.
factors as (

    select
        events.symbol,
        events.date,
        ln(events.split_ratio) as log_split,
        case
            when events.dividend = 0 or prices.previous_close is null then 0
            when events.dividend * events.split_ratio < prices.previous_close
                then ln(1 - events.dividend * events.split_ratio / prices.previous_close)
        end as log_crsp,
        -ln(1 + events.dividend / prices.close) as log_reinvested
    from events
    inner join prices on events.symbol = prices.symbol and events.date = prices.date

),

-- Between two events all prices have the same factors: those of the later event and of all after it.
spans as (

    select
        symbol,
        lag(date) over (partition by symbol order by date) as first_date,
        date as end_date,
        sum(log_split) over later as log_split,
        sum(coalesce(log_crsp, 0)) over later as log_crsp,
        sum(case when log_crsp is null then 1 else 0 end) over later as undefined_crsp_factors,
        sum(log_reinvested) over later as log_reinvested
    from factors
    window later as (
        partition by symbol order by date desc
        rows between unbounded preceding and current row
    )

)

select
    prices.symbol,
    prices.date,
    prices.close,
    prices.volume,
    prices.previous_close,
    coalesce(events.split_ratio, 1) as split_ratio,
    coalesce(events.dividend, 0) as dividend,
    coalesce(exp(spans.log_split), 1) as later_split_ratio,
    prices.close * coalesce(exp(-spans.log_split), 1) as close_split_adjusted,
    case
        when coalesce(spans.undefined_crsp_factors, 0) = 0
            then prices.close * coalesce(exp(spans.log_crsp - spans.log_split), 1)
    end as close_adjusted_crsp,
    prices.close * coalesce(exp(spans.log_reinvested - spans.log_split), 1) as close_adjusted_reinvested
from prices
left join events on prices.symbol = events.symbol and prices.date = events.date
left join spans
    on prices.symbol = spans.symbol
    and prices.date < spans.end_date
    and prices.date >= coalesce(spans.first_date, date '0001-01-01')
