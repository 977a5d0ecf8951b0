-- Finks's own tables beside the catalog. DuckLake ignores tables and indexes it does not know.
CREATE TABLE finks_setting(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE finks_component(name TEXT PRIMARY KEY, version BIGINT NOT NULL);
-- What the snapshot was, in words of its own: it may be expired, and its work must not be done again for that.
CREATE TABLE finks_commit(
  idempotency_key TEXT PRIMARY KEY, snapshot_id BIGINT NOT NULL UNIQUE, snapshot_time TIMESTAMPTZ NOT NULL, schema_version BIGINT NOT NULL, author TEXT,
  message TEXT, extra_info TEXT
);
-- The SHA-256 of a data file's bytes, lower-case hexadecimal, which DuckLake does not keep.
CREATE TABLE finks_file_hash(data_file_id BIGINT PRIMARY KEY, sha256 TEXT NOT NULL);
CREATE INDEX finks_data_file_by_table ON ducklake_data_file(table_id, begin_snapshot);
CREATE INDEX finks_column_stats_by_file ON ducklake_file_column_stats(data_file_id);
CREATE INDEX finks_partition_value_by_file ON ducklake_file_partition_value(data_file_id);
