-- The manifests of a Gold table as they were last published.
create table finks_manifest (
    table_name  text primary key,
    snapshot_id bigint not null,   -- that the manifests show; 0 while the first publish goes on
    fingerprint text not null,     -- of all keys and texts
    writers     bigint not null,   -- publishes that have begun and not ended: what they wrote must be looked at again
    begun_at    text not null      -- when the latest of them began, UTC text, ISO 8601
);
