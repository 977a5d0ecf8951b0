select id as store_id, name as location_name from {{ ref('raw_stores') }}
