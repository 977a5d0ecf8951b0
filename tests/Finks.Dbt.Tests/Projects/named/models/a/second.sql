{%- set wanted = ['id', 'label'] -%}
{%- set ns = namespace(found=0) -%}
{%- for name in wanted if name != 'x' %}{% set ns.found = ns.found + 1 %}{% endfor -%}
{{ config(materialized='view', tags=["late"]) }}
select {{ wanted[0] }} as {{ adapter.quote('The Id') }}, {{ ns.found }} as found, '{{ this }}' as self, {{ none is none }} as yes
from {{ ref('first') }}
{# -- {{ ref('nothing') }} -#}
{% raw %}where '{{' <> '}}'{% endraw %}
