-- Snapshots that moved a table's rows into other files and changed none of them.
create table finks_compaction (
    snapshot_id bigint not null,
    table_id    bigint not null,
    primary key (snapshot_id, table_id)
);

-- The newest change of a table at the time of the last expiry, which takes the rows that told of it.
create table finks_table_change (
    table_id    bigint primary key,
    snapshot_id bigint not null
);
