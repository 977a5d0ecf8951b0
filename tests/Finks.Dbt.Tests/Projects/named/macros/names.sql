{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {%- if custom_schema_name is none -%}{{ target.schema }}{%- else -%}{{ custom_schema_name | trim }}{%- endif -%}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{- (custom_alias_name or node.name) ~ var('suffix') -}}
{%- endmacro %}

{% macro ref(name) %}{{ return(builtins.ref(name).include(database=false)) }}{% endmacro %}

{% test rows_between(model, low, high=none) %}
{#- fails with one row when the count is out of bounds -#}
select n from (select count(*) as n from {{ model }}) where n < {{ low }}{% if high is not none %} or n > {{ high }}{% endif %}
{% endtest %}
