{#
  The rows of a Silver table as they are known now, or at the instant of the variable known_at:
  the newest version of each key, unless the source has withdrawn it.
#}
{% macro latest_known(table_name, key) -%}
(
    select *
    from (
        select
            *,
            row_number() over (partition by {{ key | join(', ') }} order by known_from desc) as nth_from_latest
        from {{ source('silver', table_name) }}
        {%- if var('known_at') is not none %}
        where known_from <= cast('{{ var("known_at") }}' as timestamp with time zone)
        {%- endif %}
    ) as versions
    where nth_from_latest = 1 and not removed
)
{%- endmacro %}
