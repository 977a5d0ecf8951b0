select id, label from {{ ref('points') }}
-- the end