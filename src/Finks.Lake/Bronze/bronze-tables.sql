-- Times are UTC text, ISO 8601 with microseconds and Z, so that text order is time order.
create table finks_bronze_batch (
    batch_id         bigint primary key,
    source           text not null,
    dataset          text not null,
    path             text not null unique,      -- key in the lake's store
    sha256           text not null,             -- of the Parquet file
    file_bytes       bigint not null,
    replies          bigint not null,
    body_bytes       bigint not null,
    first_fetched_at text not null,
    last_fetched_at  text not null,
    run_id           text not null,
    contract_version text not null
);
create index finks_bronze_batch_dataset on finks_bronze_batch (source, dataset);

-- The last number given to a batch; the file carries its number, so that gaps tell of files never registered.
create table finks_bronze_number (last bigint not null);
insert into finks_bronze_number values (0);

-- Written by the Silver commit that read the batch, in its transaction.
create table finks_bronze_consumed (
    batch_id    bigint primary key references finks_bronze_batch (batch_id),
    snapshot_id bigint not null
);
