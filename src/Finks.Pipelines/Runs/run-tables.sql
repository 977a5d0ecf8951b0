-- Times are UTC text, ISO 8601. A run without finished_at is going on, or was killed.
create table finks_run (
    run_id      text primary key,
    command     text not null,
    started_at  text not null,
    finished_at text,
    outcome     text,              -- succeeded, incomplete, failed
    message     text
) without rowid;

create table finks_stage (
    run_id      text not null references finks_run (run_id),
    stage       text not null,     -- ingest, cleanse, transform
    started_at  text not null,
    seconds     real not null,
    outcome     text not null,     -- done, nothing new, failed
    summary     text not null,
    primary key (run_id, stage)
) without rowid;
