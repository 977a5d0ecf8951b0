with prices as (

    select symbol, date, close_split_adjusted, later_split_ratio, dividend
    from {{ ref('int_adjusted_prices') }}
    where symbol in (select symbol from {{ ref('portfolio_transaction') }})

),

-- Shares are counted in today's shares, so that a split changes no holding.
transactions as (

    select
        portfolio_id,
        symbol,
        date,
        sum(quantity * later_split_ratio order by transaction_id) as shares,
        sum(cost order by transaction_id) as cost
    from (
        select
            t.transaction_id,
            t.portfolio_id,
            t.symbol,
            cast(t.quantity as double) as quantity,
            p.date,
            p.later_split_ratio,
            cast(t.quantity as double) * coalesce(cast(t.price as double), p.close_split_adjusted * p.later_split_ratio) as cost,
            row_number() over (partition by t.transaction_id order by p.date) as nth_day
        from {{ ref('portfolio_transaction') }} as t
        inner join prices as p on t.symbol = p.symbol and p.date between t.trade_date and t.trade_date + interval '10' day
    ) as executed
    where nth_day = 1
    group by portfolio_id, symbol, date

),

-- Each holding lasts from a transaction to the next one of its symbol.
holdings as (

    select
        portfolio_id,
        symbol,
        date as held_from,
        lead(date) over (partition by portfolio_id, symbol order by date) as held_until,
        sum(shares) over (partition by portfolio_id, symbol order by date) as shares
    from transactions

),

starts as (

    select portfolio_id, min(date) as first_date
    from transactions
    group by portfolio_id

),

days as (

    select distinct starts.portfolio_id, prices.date
    from starts
    inner join (select distinct portfolio_id, symbol from transactions) as traded on starts.portfolio_id = traded.portfolio_id
    inner join prices on traded.symbol = prices.symbol and prices.date >= starts.first_date

),

-- A symbol that does not trade on a day keeps its last close for a week.
positions as (

    select
        days.portfolio_id,
        days.date,
        holdings.symbol,
        holdings.shares,
        last_value(prices.close_split_adjusted ignore nulls) over so_far as close_split_adjusted,
        last_value(prices.date ignore nulls) over so_far as quoted_on
    from days
    inner join holdings
        on days.portfolio_id = holdings.portfolio_id
        and days.date >= holdings.held_from
        and (holdings.held_until is null or days.date < holdings.held_until)
        and abs(holdings.shares) > 1e-9
    left join prices on holdings.symbol = prices.symbol and days.date = prices.date
    window so_far as (
        partition by days.portfolio_id, holdings.symbol order by days.date
        rows between unbounded preceding and current row
    )

),

priced as (

    select
        portfolio_id,
        date,
        symbol,
        shares,
        close_split_adjusted,
        case when date <= quoted_on + interval '7' day then quoted_on end as quoted_on
    from positions

),

values_by_day as (

    select
        portfolio_id,
        date,
        count(*) as positions,
        sum(case when quoted_on < date then 1 else 0 end) as stale_positions,
        sum(case when quoted_on is null then 1 else 0 end) as unpriced_positions,
        case when count(quoted_on) = count(*) then sum(shares * close_split_adjusted order by symbol) end as market_value
    from priced
    group by portfolio_id, date

),

flows as (

    select portfolio_id, date, sum(cost order by symbol) as net_flow
    from transactions
    group by portfolio_id, date

),

-- Shares held the evening before the ex-date; a dividend is declared per share of its own day.
dividends as (

    select holdings.portfolio_id, prices.date, sum(holdings.shares / prices.later_split_ratio * prices.dividend order by holdings.symbol) as dividend_income
    from prices
    inner join holdings
        on prices.symbol = holdings.symbol
        and prices.date > holdings.held_from
        and (holdings.held_until is null or prices.date <= holdings.held_until)
    where prices.dividend > 0
    group by holdings.portfolio_id, prices.date

),

summary as (

    select
        days.portfolio_id,
        days.date,
        coalesce(values_by_day.positions, 0) as positions,
        coalesce(values_by_day.stale_positions, 0) as stale_positions,
        coalesce(values_by_day.unpriced_positions, 0) as unpriced_positions,
        case when values_by_day.portfolio_id is null then 0 else values_by_day.market_value end as market_value,
        coalesce(flows.net_flow, 0) as net_flow,
        coalesce(dividends.dividend_income, 0) as dividend_income
    from days
    left join values_by_day on days.portfolio_id = values_by_day.portfolio_id and days.date = values_by_day.date
    left join flows on days.portfolio_id = flows.portfolio_id and days.date = flows.date
    left join dividends on days.portfolio_id = dividends.portfolio_id and days.date = dividends.date

),

changes as (

    select
        *,
        lag(market_value) over (partition by portfolio_id order by date) as previous_value
    from summary

),

returns as (

    select
        *,
        market_value - previous_value - net_flow + dividend_income as profit,
        case when previous_value > 0 then (market_value - net_flow + dividend_income) / previous_value - 1 end as daily_return
    from changes

)

select
    portfolio_id,
    date,
    cast(positions as integer) as positions,
    cast(stale_positions as integer) as stale_positions,
    cast(unpriced_positions as integer) as unpriced_positions,
    market_value,
    net_flow,
    dividend_income,
    profit,
    daily_return,
    exp(sum(case when daily_return > -1 then ln(1 + daily_return) else 0 end) over (
        partition by portfolio_id order by date rows unbounded preceding
    )) - 1 as cumulative_return
from returns
