-- What has been asked for and answered. Dates are yyyy-MM-dd.
create table finks_coverage (
    source          text not null,
    dataset         text not null,
    symbol          text not null,
    parameter_set   bigint not null,
    window_from     text not null,
    window_to       text not null,
    current_through text not null,   -- the last date that the run which asked wanted
    outcome         text not null,
    latest_date     text,            -- the newest date in the reply, where another dataset is rewritten by this one
    batch_id        bigint not null references finks_bronze_batch (batch_id),
    line            bigint not null,
    primary key (source, dataset, symbol, parameter_set, window_from, window_to)
);

-- Replies that hold no data: kept in Bronze, reported, asked for again.
create table finks_reply_problem (
    batch_id   bigint not null references finks_bronze_batch (batch_id),
    line       bigint not null,
    dataset    text not null,
    symbol     text not null,
    outcome    text not null,
    message    text not null,
    fetched_at text not null,        -- UTC, ISO 8601
    run_id     text not null,
    primary key (batch_id, line)
);
