select
    symbol,
    fiscal_year,
    period,
    date as period_end,
    reported_currency,
    filing_date,
    accepted_date,
    revenue,
    gross_profit,
    operating_income,
    net_income,
    eps,
    eps_diluted
from {{ latest_known('income_statement', ['symbol', 'fiscal_year', 'period']) }} as statements
