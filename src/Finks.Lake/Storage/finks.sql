-- Finks's own tables beside the catalog. DuckLake ignores tables and indexes it does not know.
CREATE TABLE finks_setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE finks_component(name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE finks_commit(idempotency_key TEXT PRIMARY KEY, snapshot_id INTEGER NOT NULL UNIQUE, committed_at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX finks_data_file_by_table ON ducklake_data_file(table_id, begin_snapshot);
CREATE INDEX finks_column_stats_by_file ON ducklake_file_column_stats(data_file_id);
CREATE INDEX finks_partition_value_by_file ON ducklake_file_partition_value(data_file_id);
