select
    symbol,
    date,
    cast(numerator as double) / cast(denominator as double) as split_ratio
from {{ latest_known('split', ['symbol', 'date']) }} as splits
where numerator <> denominator
