-- When the rows and columns of tables changed, as far as the catalog tells. Compactions do not count.
select table_id, snapshot_id from (
    select table_id, begin_snapshot as snapshot_id from ducklake_data_file
    union all select table_id, end_snapshot from ducklake_data_file
    union all select table_id, partial_max from ducklake_data_file
    union all select table_id, begin_snapshot from ducklake_delete_file
    union all select table_id, end_snapshot from ducklake_delete_file
    union all select table_id, partial_max from ducklake_delete_file
    union all select table_id, begin_snapshot from ducklake_column
    union all select table_id, end_snapshot from ducklake_column
) e
where snapshot_id is not null and not exists (
    select 1 from finks_compaction c where c.table_id = e.table_id and c.snapshot_id = e.snapshot_id)
union all
select table_id, snapshot_id from finks_table_change
