using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>A node as the plain dict that models see as <c>model</c> and name macros as <c>node</c>; the keys are manifest.json's.</summary>
internal static class NodeDict
{
    public static PyDict Of(ManifestNode node)
    {
        var columns = new PyDict();
        foreach (var column in node.Columns)
            columns[column.Name] = new PyDict { ["name"] = column.Name, ["description"] = column.Description, ["data_type"] = column.DataType };
        var config = new PyDict();
        foreach (var (key, value) in node.Config.Values)
            config[key] = value;
        return new PyDict
        {
            ["unique_id"] = node.UniqueId,
            ["resource_type"] = node.ResourceType.DbtName(),
            ["name"] = node.Name,
            ["package_name"] = node.PackageName,
            ["database"] = node.Database,
            ["schema"] = node.Schema,
            ["alias"] = node.Alias,
            ["fqn"] = new PyList(node.Fqn),
            ["original_file_path"] = node.OriginalFilePath,
            ["path"] = node.OriginalFilePath[(node.OriginalFilePath.IndexOf('/', StringComparison.Ordinal) + 1)..],
            ["description"] = node.Description,
            ["columns"] = columns,
            ["tags"] = new PyList(node.Tags),
            ["meta"] = node.Config.TryGet("meta", out var meta) ? meta : new PyDict(),
            ["config"] = config,
            ["raw_code"] = node.RawCode,
            ["language"] = "sql",
            ["depends_on"] = new PyDict { ["nodes"] = new PyList(node.DependsOn), ["macros"] = new PyList() },
        };
    }
}
