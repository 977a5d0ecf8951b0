-- Times are UTC text, ISO 8601 with microseconds and Z, so that text order is time order.
create table finks_bronze_batch (
    batch_id         integer primary key autoincrement,
    source           text not null,
    dataset          text not null,
    path             text not null unique,      -- relative to the lake's home, with /
    sha256           text not null,             -- of the Parquet file
    file_bytes       integer not null,
    replies          integer not null,
    body_bytes       integer not null,
    first_fetched_at text not null,
    last_fetched_at  text not null,
    run_id           text not null,
    contract_version text not null
);
create index finks_bronze_batch_dataset on finks_bronze_batch (source, dataset);

-- Written by the Silver commit that read the batch, in its transaction.
create table finks_bronze_consumed (
    batch_id    integer primary key references finks_bronze_batch (batch_id),
    snapshot_id integer not null
);
