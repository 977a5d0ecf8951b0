{% macro cents(col, scale=100) -%}
  ({{ col }} * {{ scale }})::bigint
{%- endmacro %}

{% macro rounded(value) %}{{ return(adapter.dispatch('rounded')(value)) }}{% endmacro %}

{% macro default__rounded(value) %}round({{ value }}){% endmacro %}

{% macro duckdb__rounded(value) -%}
  {%- set digits = 1 -%}
  round({{ value }}, {{ digits }})
{%- endmacro %}
