using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>A macro or a generic test (named <c>test_x</c>).</summary>
internal sealed record ProjectMacro(string Name, string File, Template Template, bool BuiltIn);

/// <summary>The macros models may call: the project's own, which win, and the engine's.</summary>
internal sealed class MacroLibrary
{
    /// <summary>
    /// Built-in macros a project may replace in dbt and that this engine does not consult. Replacing one must be refused, or the project would
    /// build something else here than there.
    /// </summary>
    private static readonly string[] NotReplaceable =
    [
        "generate_database_name", "create_table_as", "create_view_as", "get_create_table_as_sql", "get_create_view_as_sql", "create_schema", "drop_schema",
        "drop_relation", "rename_relation", "truncate_relation", "create_csv_table", "load_csv_rows", "reset_csv_table", "get_test_sql", "list_relations_without_caching",
        "run_query", "statement", "is_incremental", "should_full_refresh", "should_store_failures", "get_where_subquery", "get_limit_subquery_sql", "external_location",
        "duckdb__create_table_as", "duckdb__create_view_as", "duckdb__create_schema", "duckdb__drop_relation", "duckdb__rename_relation", "default__get_where_subquery",
        "default__create_csv_table", "duckdb__load_csv_rows", "default__get_test_sql", "make_temp_relation", "make_intermediate_relation", "make_backup_relation",
    ];

    private readonly Dictionary<string, ProjectMacro> _macros = new(StringComparer.Ordinal);

    public IEnumerable<ProjectMacro> All => _macros.Values;

    public void Add(Template template, bool builtIn)
    {
        foreach (var definition in template.Macros)
            Add(new ProjectMacro(definition.Name, template.File, template, builtIn), definition);
    }

    public ProjectMacro? Find(string name) => _macros.GetValueOrDefault(name);

    /// <summary>What <c>adapter.dispatch(name)</c> finds: <c>duckdb__name</c> before <c>default__name</c>.</summary>
    public ProjectMacro? Dispatch(string name) => Find("duckdb__" + name) ?? Find("default__" + name);

    private void Add(ProjectMacro macro, MacroDefinition definition)
    {
        if (definition.Kind == MacroKind.Materialization)
            throw new DbtException($"a materialization of the project's own ('{definition.BlockName}') is not supported; use view, table or external", macro.File, definition.Line);
        if (!macro.BuiltIn && NotReplaceable.Contains(macro.Name))
            throw new DbtException($"replacing dbt's built-in macro '{macro.Name}' is not supported; give the macro another name", macro.File, definition.Line);
        if (_macros.TryGetValue(macro.Name, out var first) && !first.BuiltIn)
            throw new DbtException($"the macro '{macro.Name}' is defined twice, first in {first.File}; rename one", macro.File, definition.Line);
        _macros[macro.Name] = macro;
    }
}
