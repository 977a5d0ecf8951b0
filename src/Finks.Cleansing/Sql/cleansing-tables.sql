-- One row per dataset and Silver commit. rows_in = new_rows + repeated_rows + quarantined_rows.
create table finks_cleanse_count (
    run_id           text not null,
    dataset          text not null,
    snapshot_id      bigint not null,
    replies          bigint not null,
    rows_in          bigint not null,
    new_rows         bigint not null,
    repeated_rows    bigint not null,
    quarantined_rows bigint not null,
    withdrawn_rows   bigint not null,   -- removals, which come from no row
    primary key (run_id, dataset, snapshot_id)
);

-- One row per dataset and replay of quarantine. rows_in = new_rows + repeated_rows + refused_rows.
create table finks_replay_count (
    run_id        text not null,
    dataset       text not null,
    snapshot_id   bigint not null,
    rows_in       bigint not null,
    new_rows      bigint not null,
    repeated_rows bigint not null,      -- released, but Silver says so already
    refused_rows  bigint not null,
    primary key (run_id, dataset, snapshot_id)
);
