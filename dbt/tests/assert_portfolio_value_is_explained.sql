-- What a portfolio is worth is what was paid in, plus profit, less dividends paid out.
select portfolio_id, date, market_value, explained
from (
    select
        portfolio_id,
        date,
        market_value,
        sum(coalesce(profit, market_value - net_flow) + net_flow - case when profit is null then 0 else dividend_income end)
            over (partition by portfolio_id order by date rows unbounded preceding) as explained,
        sum(unpriced_positions) over (partition by portfolio_id order by date rows unbounded preceding) as unpriced_so_far
    from {{ ref('daily_portfolio_summary') }}
) as totals
where unpriced_so_far = 0 and abs(market_value - explained) > 1e-6 * greatest(1, abs(market_value))
