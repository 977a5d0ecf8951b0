-- One row per dataset and Silver commit. rows_in = new_rows + repeated_rows + quarantined_rows.
create table finks_cleanse_count (
    run_id           text not null,
    dataset          text not null,
    snapshot_id      integer not null,
    replies          integer not null,
    rows_in          integer not null,
    new_rows         integer not null,
    repeated_rows    integer not null,
    quarantined_rows integer not null,
    withdrawn_rows   integer not null,   -- removals, which come from no row
    primary key (run_id, dataset, snapshot_id)
) without rowid;

-- Fields that the source sends and the contract does not know. Bronze keeps their values.
create table finks_unknown_field (
    dataset        text not null,
    field          text not null,
    first_run_id   text not null,
    primary key (dataset, field)
) without rowid;
