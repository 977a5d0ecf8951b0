-- What each notifier was told of a flow's failures; its next success takes them away. Times are UTC text, ISO 8601.
create table finks_notification (
    notifier    text not null,
    environment text not null,
    flow        text not null,
    outcome     text not null,
    fingerprint text not null,     -- SHA-256 of the reason
    sent_at     text not null,
    unsent      bigint not null,   -- how many came since then
    primary key (notifier, environment, flow, outcome, fingerprint)
);
