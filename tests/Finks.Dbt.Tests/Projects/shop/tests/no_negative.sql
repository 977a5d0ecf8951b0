{{ config(severity='warn') }}
select * from {{ ref('revenue') }} where total > 0 and {{ var('tax_rate') }} > 0
