namespace Finks.Dbt.Tests;

public sealed class ErrorMessageTests
{
    [Theory]
    [InlineData("select 1\n{% if %}", "models/m.sql:2:")]
    [InlineData("\n\nselect 1 from\n  {{ ref('nowhere') }}", "models/m.sql: model.shop.m refers to 'nowhere'")]
    [InlineData("select * from {{ source('a', 'b') }}", "models/m.sql: model.shop.m reads the source 'a.b'")]
    [InlineData("{{ config(materialized='incremental') }} select 1", "the materialization 'incremental' of model.shop.m is not supported; use view, table or external")]
    [InlineData("{{ config(pre_hook='select 1') }} select 1", "the config 'pre-hook' of model.shop.m is not supported")]
    [InlineData("select 1\n\n   {{ run_query('select 1') }}", "models/m.sql:3:")]
    [InlineData("{{ config(materialized='external', location='a.csv') }} select 1", "the external location 'a.csv' of model.shop.m is not supported")]
    [InlineData("{{ config(materialized='external', options={'partition_by': 'a'}) }} select 1", "the external option 'partition_by'")]
    [InlineData("{% macro inside() %}{% endmacro %} select 1", "a macro stands inside model.shop.m")]
    [InlineData("select 1\n{{ exceptions.raise_compiler_error('no luck') }}", "models/m.sql:2:")]
    [InlineData("select {{ env_var('ABSENT') }}", "the environment variable 'ABSENT' is not set")]
    [InlineData("select * from {{ ref('m') }}", "in a circle: model.shop.m --> model.shop.m")]
    public void A_model_that_cannot_be_read_is_named_with_its_place_and_a_remedy(string sql, string message)
    {
        using var project = new ProjectFolder();
        project.Write("models/m.sql", sql);
        Assert.Contains(message, Assert.Throws<DbtException>(() => project.Load()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dbt_project.yml", "name: shop\non-run-start: x\n", "dbt_project.yml:2:1: 'on-run-start' of the project file is not supported")]
    [InlineData("dbt_project.yml", "version: 1\n", "the project file needs 'name'")]
    [InlineData("models/s.yml", "models:\n  - name: m\n    constraints: []\n", "models/s.yml:3:5: 'constraints' of 'm' is not supported")]
    [InlineData("models/s.yml", "models:\n  - name: m\n    data_tests:\n      - never_heard_of\n", "models/s.yml:4:9: the test 'never_heard_of' is neither built in")]
    [InlineData("models/s.yml", "models:\n  - name: m\n    data_tests: [dbt_utils.unique_combination]\n", "packages are not supported")]
    [InlineData("models/s.yml", "models: [{name: m}, {name: m}]", "described twice")]
    [InlineData("models/s.yml", "exposures: []", "'exposures' of a property file is not supported")]
    [InlineData("models/s.yml", "models:\n  - name: m\n    description: \"{{ doc('x') }}\"\n", "models/s.yml:3:18: Jinja in a description")]
    [InlineData("packages.yml", "packages: []", "packages.yml: 'packages.yml' is not supported")]
    [InlineData("models/p.py", "x = 1", "models/p.py: Python models are not supported")]
    [InlineData("snapshots/s.sql", "select 1", "snapshots/s.sql: snapshots are not supported")]
    [InlineData("macros/x.sql", "{% macro create_table_as(a) %}{% endmacro %}", "macros/x.sql:1: replacing dbt's built-in macro 'create_table_as' is not supported")]
    public void A_file_that_asks_for_an_unsupported_feature_is_named_with_its_line(string path, string text, string message)
    {
        using var project = new ProjectFolder();
        project.Write("models/m.sql", "select 1").Write(path, text);
        Assert.Contains(message, Assert.Throws<DbtException>(() => project.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_missing_is_forgiven_while_parsing_and_an_error_when_compiling()
    {
        using var project = new ProjectFolder();
        var manifest = project.Write("models/m.sql", "\nselect\n {{ var('absent') }}").Load();
        var error = Assert.Throws<DbtException>(() => manifest.Compile("model.shop.m"));
        Assert.StartsWith("models/m.sql:3:", error.Message, StringComparison.Ordinal);
        Assert.Contains("the required var 'absent' is not set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_exists_nowhere_is_forgiven_while_parsing_and_an_error_when_compiling()
    {
        using var project = new ProjectFolder();
        project.Write("macros/m.sql", "{% macro deep() %}{{ nowhere.near.here }}{% endmacro %}");
        var manifest = project.Write("models/m.sql", "select {{ deep() }}").Load();
        var error = Assert.Throws<DbtException>(() => manifest.Compile("model.shop.m"));
        Assert.StartsWith("macros/m.sql:1:", error.Message, StringComparison.Ordinal);
        Assert.Contains("'nowhere' is undefined", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_of_a_model_that_does_not_exist_are_a_warning_with_the_line()
    {
        using var project = new ProjectFolder();
        var manifest = project.Write("models/s.yml", "models:\n  - name: ghost\n").Load();
        Assert.Equal(["models/s.yml:2: the project has no model 'ghost'; the entry has no effect"], manifest.Warnings);
    }
}
