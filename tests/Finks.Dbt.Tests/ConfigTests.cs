using Finks.Jinja;

namespace Finks.Dbt.Tests;

public sealed class ConfigTests
{
    [Fact]
    public void The_file_wins_over_the_property_file_and_that_over_the_project_file()
    {
        using var project = Project("{{ config(materialized='view') }} select 1 as id", "materialized: external");
        Assert.Equal("view", Model(project).Config.Materialized);
        using var withoutOwn = Project("select 1 as id", "materialized: view");
        Assert.Equal("view", Model(withoutOwn).Config.Materialized);
        using var withoutProperties = Project("select 1 as id", "tags: x");
        Assert.Equal("table", Model(withoutProperties).Config.Materialized);
    }

    [Fact]
    public void Tags_add_up_and_meta_merges_key_by_key()
    {
        using var project = Project("{{ config(tags=['own'], meta={'b': 3}) }} select 1 as id", "tags: yml");
        var node = Model(project);
        Assert.Equal(["root", "sub", "yml", "own"], node.Tags);
        Assert.Equal("{'a': 1, 'b': 3}", PyValue.Repr(node.Config.Values["meta"]));
    }

    [Fact]
    public void A_custom_schema_is_appended_to_the_targets()
    {
        using var project = Project("{{ config(schema='extra', alias='other') }} select 1 as id", "tags: x");
        Assert.Equal("\"memory\".\"main_extra\".\"other\"", Model(project).Relation!.ToString());
    }

    [Fact]
    public void The_project_may_name_schemas_and_aliases_itself()
    {
        using var project = Project("{{ config(schema='extra') }} select 1 as id", "tags: x");
        project.Write("macros/names.sql", """
            {% macro generate_schema_name(custom_schema_name, node) -%}
                {%- if custom_schema_name -%} {{ custom_schema_name | trim }} {%- else -%} {{ target.schema }} {%- endif -%}
            {%- endmacro %}
            {% macro generate_alias_name(custom_alias_name=none, node=none) -%} {{ node.name ~ '_' ~ node.config.materialized }} {%- endmacro %}
            """);
        Assert.Equal("\"memory\".\"extra\".\"m_table\"", Model(project).Relation!.ToString());
    }

    [Fact]
    public void Vars_come_from_the_caller_before_the_project_and_from_the_package_before_all()
    {
        using var project = new ProjectFolder();
        project.Write("dbt_project.yml", "name: shop\nvars: {a: 1, b: 1, shop: {a: 2}, rendered: '{{ 1 + 1 }}'}\n").Write("models/m.sql", "{{ var('a') }} {{ var('b') }} {{ var('rendered') }} {{ var('c', 'd') }}");
        Assert.Equal("2 9 2 d", project.Load(("b", 9L)).Compile("model.shop.m"));
    }

    private static ManifestNode Model(ProjectFolder project) => project.Load()["model.shop.m"];

    private static ProjectFolder Project(string sql, string config)
    {
        var project = new ProjectFolder();
        project.Write("dbt_project.yml", "name: shop\nmodels:\n  +tags: root\n  shop:\n    sub:\n      +tags: [sub]\n      materialized: table\n      +meta: {a: 1, b: 2}\n");
        project.Write("models/sub/m.sql", sql).Write("models/s.yml", $"models: [{{name: m, config: {{{config}}}}}]");
        return project;
    }
}
