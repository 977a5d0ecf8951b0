{% test is_positive(model, col, column_name=none) %}
    {{ config(severity='error') }}
select * from {{ model }} where {{ col }} <= 0
{% endtest %}
