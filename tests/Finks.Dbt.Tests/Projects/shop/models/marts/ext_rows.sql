{{ config(materialized='external', location=env_var('OUT') ~ '/rows.parquet', format='parquet', options={'compression': 'zstd'}) }}
select * from {{ ref('stg_customers') }}
