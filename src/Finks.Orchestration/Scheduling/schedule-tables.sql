-- Times are UTC text, ISO 8601; text order is time order.
create table finks_schedule (
    name       text primary key,
    since      text not null,     -- first seen, or last resumed
    last_fired text,              -- the last scheduled time that was claimed
    paused     bigint not null    -- 0 or 1
);

-- A scheduled time whose run has not ended, or whose process was killed.
create table finks_schedule_claim (
    name          text not null references finks_schedule (name),
    scheduled_for text not null,
    claimed_at    text not null,
    primary key (name, scheduled_for)
);
