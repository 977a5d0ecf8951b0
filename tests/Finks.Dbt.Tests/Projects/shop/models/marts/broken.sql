select nope from {{ ref('by_status') }}
