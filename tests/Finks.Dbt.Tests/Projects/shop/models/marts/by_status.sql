select
    customer_id
    {%- for status in var('statuses') %},
    sum(case when status = '{{ status }}' then 1 else 0 end) as {{ status }}_count
    {%- endfor %},
    '{{ target.name }}/{{ target.schema }}/{{ config.get("schema") }}/{{ model.name }}' as described,
    {{ rounded('1.26') }} as one_point_three
from {{ ref('shop', 'stg_orders') }}
where {{ execute | lower }}
group by customer_id
