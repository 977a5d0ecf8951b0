using System.Diagnostics.CodeAnalysis;
using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>Names of dbt's context that this engine does not provide. Using one is an error that says so, instead of an undefined value.</summary>
internal static class UnsupportedNames
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "statement", "run_query", "load_result", "store_result", "store_raw_result", "load_agate_table", "render", "write", "try_or_compiler_error", "graph", "api",
        "modules", "flags", "invocation_id", "run_started_at", "invocation_args_dict", "dbt_metadata_envs", "selected_resources", "pre_hooks", "post_hooks",
        "fromjson", "tojson", "fromyaml", "toyaml", "set", "set_strict", "zip", "zip_strict", "local_md5", "diff_of_two_dicts", "metric", "function", "doc", "validation",
        "context", "dbt_version", "dbt", "dbt_utils", "dbt_date", "dbt_expectations", "should_full_refresh",
    };

    /// <summary>False for a name dbt does not have either.</summary>
    public static bool TryGet(string name, [MaybeNullWhen(false)] out object? value)
    {
        value = Names.Contains(name) ? new UnsupportedName(name) : null;
        return value is not null;
    }

    /// <summary>Fails at the place of its use: where it is printed, called or asked for a member.</summary>
    private sealed class UnsupportedName(string name) : IJinjaObject
    {
        public bool IsCallable => true;

        public bool IsTrue => throw Refusal();

        public bool TryGetAttribute(string attribute, out object? value) => throw Refusal();

        public bool TryGetItem(object? key, out object? value) => throw Refusal();

        public IEnumerable<object?>? Iterate() => throw Refusal();

        public object? Call(CallArguments arguments) => throw Refusal();

        public string ToJinjaString() => throw Refusal();

        private PyError Refusal() => CompilationError.Because($"'{name}' of dbt's Jinja context is not supported; write the SQL without it");
    }
}
