-- Which state of Silver and of the dbt project the Gold tables were built from.
create table finks_gold_build (
    build_id        bigint primary key,
    snapshot_id     bigint not null,
    run_id          text not null,
    silver_snapshot bigint not null,   -- newest snapshot that added rows to a source table
    project_hash    text not null,
    built_at        text not null       -- UTC, ISO 8601
);

-- What each partition of a Gold table holds, so that one that has not changed is not written again.
create table finks_gold_partition (
    table_name   text not null,
    partition    text not null,         -- the year; empty for a table without partitions
    row_count    bigint not null,
    content_hash text not null,
    primary key (table_name, partition)
);

-- How each model, seed and test of a build ended; samples are the first failing rows as JSON.
create table finks_node_result (
    run_id   text not null,
    node     text not null,
    kind     text not null,
    about    text,                      -- of a test: the model or source that it is about
    severity text,                      -- of a test: error or warn
    status   text not null,
    failures bigint,
    seconds  double precision not null,
    message  text,
    sample   text,
    built_at text not null,             -- UTC, ISO 8601
    primary key (run_id, node)
);
