with prices as (

    select
        symbol,
        date,
        close,
        volume,
        lag(close) over (partition by symbol order by date) as previous_close
    from {{ ref('stg_fmp_eod_prices') }}
    where close > 0

),

-- Each event on the first trading day on or after its date.
splits as (

    select
        events.symbol,
        events.trading_date as date,
        exp(sum(ln(events.split_ratio))) as split_ratio
    from (
        select s.symbol, s.date as event_date, s.split_ratio, min(p.date) as trading_date
        from {{ ref('stg_fmp_splits') }} as s
        inner join prices as p on s.symbol = p.symbol and p.date between s.date and s.date + interval '10' day
        group by s.symbol, s.date, s.split_ratio
    ) as events
    group by events.symbol, events.trading_date

),

dividends as (

    select
        events.symbol,
        events.trading_date as date,
        sum(events.dividend) as dividend
    from (
        select d.symbol, d.ex_date, d.dividend, min(p.date) as trading_date
        from {{ ref('stg_fmp_dividends') }} as d
        inner join prices as p on d.symbol = p.symbol and p.date between d.ex_date and d.ex_date + interval '10' day
        group by d.symbol, d.ex_date, d.dividend
    ) as events
    group by events.symbol, events.trading_date

),

daily as (

    select
        prices.symbol,
        prices.date,
        cast(prices.close as double) as close,
        cast(prices.volume as double) as volume,
        cast(prices.previous_close as double) as previous_close,
        coalesce(splits.split_ratio, 1.0) as split_ratio,
        cast(coalesce(dividends.dividend, 0) as double) as dividend
    from prices
    left join splits on prices.symbol = splits.symbol and prices.date = splits.date
    left join dividends on prices.symbol = dividends.symbol and prices.date = dividends.date

),

-- On a symbol's first day there is no earlier price to adjust.
factors as (

    select
        *,
        ln(split_ratio) as log_split,
        case
            when dividend = 0 or previous_close is null then 0
            when dividend * split_ratio < previous_close then ln(1 - dividend * split_ratio / previous_close)
        end as log_crsp,
        case when dividend = 0 then 0 else -ln(1 + dividend / close) end as log_reinvested
    from daily

),

cumulated as (

    select
        symbol,
        date,
        close,
        volume,
        previous_close,
        split_ratio,
        dividend,
        coalesce(sum(log_split) over later, 0) as later_log_split,
        coalesce(sum(coalesce(log_crsp, 0)) over later, 0) as later_log_crsp,
        coalesce(max(case when log_crsp is null then 1 else 0 end) over later, 0) as later_crsp_undefined,
        coalesce(sum(log_reinvested) over later, 0) as later_log_reinvested
    from factors
    window later as (
        partition by symbol order by date desc
        rows between unbounded preceding and 1 preceding
    )

)

select
    symbol,
    date,
    close,
    volume,
    previous_close,
    split_ratio,
    dividend,
    exp(later_log_split) as later_split_ratio,
    close * exp(-later_log_split) as close_split_adjusted,
    case when later_crsp_undefined = 0 then close * exp(later_log_crsp - later_log_split) end as close_adjusted_crsp,
    close * exp(later_log_reinvested - later_log_split) as close_adjusted_reinvested
from cumulated
