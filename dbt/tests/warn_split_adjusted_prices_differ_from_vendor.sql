{{ config(severity='warn') }}

-- The vendor rounds its split-adjusted prices; more than a cent and half a percent apart is no rounding.
select ours.symbol, ours.date, ours.close_split_adjusted, vendor.close as vendor_close
from {{ ref('int_adjusted_prices') }} as ours
inner join {{ ref('stg_fmp_eod_prices_split_adjusted') }} as vendor
    on ours.symbol = vendor.symbol and ours.date = vendor.date
where abs(ours.close_split_adjusted - cast(vendor.close as double)) > greatest(0.01, 0.005 * ours.close_split_adjusted)
