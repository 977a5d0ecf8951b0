select *, '{{ config.get('materialized') }}' as x from {{ ref('shop', 'raw_customers') }}
