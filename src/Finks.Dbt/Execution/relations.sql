select database_name, schema_name, table_name, 'table' as type
from duckdb_tables()
where not internal and not temporary
union all
select database_name, schema_name, view_name, 'view' as type
from duckdb_views()
where not internal and not temporary
