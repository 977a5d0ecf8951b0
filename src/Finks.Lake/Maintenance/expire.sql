-- Removes what no snapshot sees any more, as ducklake_expire_snapshots does it, and sets the files down to be deleted later.
-- A row is seen by the snapshots from its begin_snapshot until before its end_snapshot.

create temporary table finks_unseen_file as
select data_file_id as file_id, false as is_delete from ducklake_data_file f
where end_snapshot is not null
  and not exists (select 1 from ducklake_snapshot s where s.snapshot_id >= f.begin_snapshot and s.snapshot_id < f.end_snapshot)
union all
select delete_file_id, true from ducklake_delete_file f
where end_snapshot is not null
  and not exists (select 1 from ducklake_snapshot s where s.snapshot_id >= f.begin_snapshot and s.snapshot_id < f.end_snapshot);

-- A delete file of a data file that goes has nothing left to delete from.
insert into finks_unseen_file
select delete_file_id, true from ducklake_delete_file
where data_file_id in (select file_id from finks_unseen_file where not is_delete)
  and delete_file_id not in (select file_id from finks_unseen_file where is_delete);

-- Paths are relative to the data path, since the table's own path may go as well. Renaming a table or schema keeps its path.
insert into ducklake_files_scheduled_for_deletion (data_file_id, path, path_is_relative, schedule_start)
select f.file_id,
    case when f.path_is_relative then (case when t.path_is_relative then coalesce(s.path, '') else '' end) || coalesce(t.path, '') || f.path else f.path end,
    f.path_is_relative and t.path_is_relative and s.path_is_relative,
    @now
from (
    select data_file_id as file_id, false as is_delete, table_id, path, path_is_relative from ducklake_data_file
    union all
    select delete_file_id, true, table_id, path, path_is_relative from ducklake_delete_file
) f
join finks_unseen_file u on u.file_id = f.file_id and u.is_delete = f.is_delete
join ducklake_table t on t.table_id = f.table_id
  and t.begin_snapshot = (select max(n.begin_snapshot) from ducklake_table n where n.table_id = f.table_id)
join ducklake_schema s on s.schema_id = t.schema_id
  and s.begin_snapshot = (select max(n.begin_snapshot) from ducklake_schema n where n.schema_id = t.schema_id);

delete from ducklake_delete_file where delete_file_id in (select file_id from finks_unseen_file where is_delete);
delete from ducklake_file_column_stats where data_file_id in (select file_id from finks_unseen_file where not is_delete);
delete from ducklake_file_variant_stats where data_file_id in (select file_id from finks_unseen_file where not is_delete);
delete from ducklake_file_partition_value where data_file_id in (select file_id from finks_unseen_file where not is_delete);
delete from finks_file_hash where data_file_id in (select file_id from finks_unseen_file where not is_delete);
delete from ducklake_data_file where data_file_id in (select file_id from finks_unseen_file where not is_delete);
drop table finks_unseen_file;

-- A renamed table keeps the row of its former name as long as it lives.
delete from ducklake_table where table_id not in (
    select t.table_id from ducklake_table t
    where t.end_snapshot is null
       or exists (select 1 from ducklake_snapshot s where s.snapshot_id >= t.begin_snapshot and s.snapshot_id < t.end_snapshot));
delete from ducklake_schema
where end_snapshot is not null and not exists (
    select 1 from ducklake_snapshot s where s.snapshot_id >= ducklake_schema.begin_snapshot and s.snapshot_id < ducklake_schema.end_snapshot);
delete from ducklake_view
where end_snapshot is not null and not exists (
    select 1 from ducklake_snapshot s where s.snapshot_id >= ducklake_view.begin_snapshot and s.snapshot_id < ducklake_view.end_snapshot);
delete from ducklake_tag
where end_snapshot is not null and not exists (
    select 1 from ducklake_snapshot s where s.snapshot_id >= ducklake_tag.begin_snapshot and s.snapshot_id < ducklake_tag.end_snapshot);

-- What belongs to tables that are gone.
delete from ducklake_table_stats where table_id not in (select table_id from ducklake_table);
delete from ducklake_table_column_stats where table_id not in (select table_id from ducklake_table);
delete from ducklake_column where table_id not in (select table_id from ducklake_table);
delete from ducklake_column_tag where table_id not in (select table_id from ducklake_table);
delete from ducklake_partition_info where table_id not in (select table_id from ducklake_table);
delete from ducklake_partition_column where table_id not in (select table_id from ducklake_table);
delete from ducklake_sort_info where table_id not in (select table_id from ducklake_table);
delete from ducklake_sort_expression where table_id not in (select table_id from ducklake_table);
delete from ducklake_schema_versions where table_id not in (select table_id from ducklake_table);
delete from finks_compaction where table_id not in (select table_id from ducklake_table);
delete from finks_table_change where table_id not in (select table_id from ducklake_table);
