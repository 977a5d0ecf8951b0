-- Times are UTC text, ISO 8601 with microseconds and Z, so that text order is time order.

-- How each check of each run ended; written with the commit, or by itself when the run was blocked.
create table finks_quality_result (
    run_id      text not null,
    dataset     text not null,
    check_name  text not null,
    severity    text not null,              -- info, warning, error
    action      text not null,              -- warn, block, quarantine
    outcome     text not null,              -- passed, failed, accepted, notjudged
    credit      double precision not null,  -- share of the check's weight that counts for the score
    found       text not null,
    expected    text not null,
    examples    text not null,              -- JSON list of { text, place }
    dimension   text,
    snapshot_id bigint,                     -- null when the run was blocked
    checked_at  text not null,
    primary key (run_id, dataset, check_name)
);
create index finks_quality_result_time on finks_quality_result (checked_at);

-- What was measured in runs that were committed: what later runs are compared with.
create table finks_quality_metric (
    run_id      text not null,
    dataset     text not null,
    metric      text not null,              -- row_volume, close.median, …
    value       double precision not null,
    measured_at text not null,
    primary key (dataset, metric, run_id)
);

-- How many of the rows committed so far had a field that the contract knows.
create table finks_field (
    dataset   text not null,
    field     text not null,                -- the column's name in the contract
    rows_read bigint not null,
    rows_with bigint not null,
    primary key (dataset, field)
);

-- Where the source's rows have left their contract. Bronze keeps the values.
create table finks_schema_drift (
    dataset       text not null,
    field         text not null,            -- the name in the source's reply
    kind          text not null,            -- new, missing, renamed, retyped
    evidence      text not null,
    row_count     bigint not null,          -- rows of the latest run concerned
    first_run_id  text not null,
    first_seen_at text not null,
    last_run_id   text not null,
    last_seen_at  text not null,
    resolved_at   text,                     -- null while it goes on
    primary key (dataset, field, kind)
);
