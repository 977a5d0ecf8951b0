-- Runs of flows, their tasks, states and logs. Times are UTC text, ISO 8601; identifiers are UUIDs as text; lists and objects are JSON.
create table finks_flow_run (
    flow_run_id        text primary key,
    flow               text not null,
    name               text not null,
    parameters         text not null,
    tags               text not null,
    deployment         text,
    parent_task_run_id text,
    idempotency_key    text unique,
    created_at         text not null,
    scheduled_for      text,
    started_at         text,
    ended_at           text,
    run_count          bigint not null,
    state              text not null,   -- type: Scheduled, Pending, Running, …
    state_name         text not null,
    message            text,
    state_at           text not null,
    not_before         text,            -- of a scheduled run
    result             text,            -- of a completed run, JSON
    transition         text,            -- of the state: a repeated proposal carries the same
    cancel_reason      text,            -- somebody asked for it to be cancelled
    owner              text,            -- the process that works on it: machine, process id, when that process began
    lease_until        text             -- until then the owner counts as alive
);
create index finks_flow_run_by_state on finks_flow_run (state);
create index finks_flow_run_by_parent on finks_flow_run (parent_task_run_id);

create table finks_task_run (
    task_run_id text primary key,
    flow_run_id text not null,
    task        text not null,
    key         text not null,
    tags        text not null,
    inputs      text not null,          -- task runs whose results it used
    is_unit     bigint not null,        -- one of many alike
    run_count   bigint not null,
    started_at  text,
    ended_at    text,
    state       text not null,
    state_name  text not null,
    message     text,
    state_at    text,
    result      text,                   -- of a completed task, JSON
    unique (flow_run_id, task, key)
);

-- Every state that a flow run or a task run has been in.
create table finks_run_state (
    run_id   text not null,
    sequence bigint not null,
    state    text not null,
    name     text not null,
    message  text,
    at       text not null,
    primary key (run_id, sequence)
);

create table finks_run_log (
    flow_run_id text not null,
    sequence    bigint not null,
    task_run_id text,
    at          text not null,
    level       bigint not null,
    message     text not null,
    process     text not null,          -- each process of a run numbers its lines
    primary key (flow_run_id, process, sequence)
);

create table finks_artifact (
    flow_run_id text not null,
    task_run_id text not null,          -- empty for one of the flow itself
    key         text not null,
    kind        text not null,          -- markdown, progress, link
    data        text not null,
    description text,
    at          text not null,
    primary key (flow_run_id, task_run_id, key)
);

create table finks_task_cache (
    cache_key   text primary key,
    task_run_id text not null,
    result      text,
    expires_at  text                    -- null: never
);

create table finks_concurrency_limit (
    name  text primary key,
    slots bigint not null
);

create table finks_concurrency_slot (
    name        text not null,
    holder      text not null,
    owner       text not null,
    lease_until text not null,
    primary key (name, holder)
);
