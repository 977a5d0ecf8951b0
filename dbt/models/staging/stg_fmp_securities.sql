select
    symbol,
    company_name,
    exchange,
    currency,
    country,
    sector,
    industry,
    ipo_date,
    is_etf,
    is_actively_trading,
    market_cap
from {{ latest_known('security_profile', ['symbol']) }} as profiles
