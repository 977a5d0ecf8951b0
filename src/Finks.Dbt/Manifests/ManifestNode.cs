using Finks.Dbt.Configuration;

namespace Finks.Dbt;

/// <summary>A described column.</summary>
public sealed record ColumnDescription(string Name, string Description, string? DataType);

/// <summary>A <c>ref()</c> as written; <paramref name="Package"/> is null for the one-argument form.</summary>
public sealed record ReferenceCall(string Name, string? Package);

/// <summary>A <c>source()</c> as written.</summary>
public sealed record SourceCall(string Source, string Table);

/// <summary>A generic test's macro and arguments, as dbt keeps them in <c>test_metadata</c>.</summary>
/// <param name="Name">The test's name, e.g. <c>not_null</c>.</param>
/// <param name="Namespace">The package it was called from by name; null as a rule.</param>
/// <param name="Arguments">As written, <c>model</c> and <c>column_name</c> among them.</param>
public sealed record GenericTest(string Name, string? Namespace, IReadOnlyDictionary<string, object?> Arguments)
{
    internal string MacroName => "test_" + Name;
}

/// <summary>A model, seed or test of a project.</summary>
public sealed record ManifestNode
{
    /// <summary>dbt's id, e.g. <c>model.shop.revenue</c> or <c>test.shop.not_null_orders_id.3f1b0c4a5d</c>.</summary>
    public required string UniqueId { get; init; }
    public required ResourceType ResourceType { get; init; }
    public required string Name { get; init; }
    public required string PackageName { get; init; }

    /// <summary>Package, folders below the configured path, name: what config trees and the default selection method walk along.</summary>
    public required IReadOnlyList<string> Fqn { get; init; }

    /// <summary>The file that defines the node, relative to the project folder: the <c>.yml</c> of a generic test, the <c>.csv</c> of a seed.</summary>
    public required string OriginalFilePath { get; init; }

    /// <summary>The line that defines the node; null where the whole file does.</summary>
    public int? Line { get; init; }

    /// <summary>The SQL as written; empty for a seed.</summary>
    public required string RawCode { get; init; }
    public required NodeConfig Config { get; init; }
    public string Database { get; init; } = "";
    public string Schema { get; init; } = "";
    public string Alias { get; init; } = "";
    public string Description { get; init; } = "";
    public IReadOnlyList<ColumnDescription> Columns { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<ReferenceCall> References { get; init; } = [];
    public IReadOnlyList<SourceCall> SourceReferences { get; init; } = [];

    /// <summary>Unique ids of the nodes and sources this one reads, in the order of first use.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Null unless the node is a generic test.</summary>
    public GenericTest? GenericTest { get; init; }

    /// <summary>Null for tests, which make no relation.</summary>
    public Relation? Relation => ResourceType == ResourceType.Test ? null : new Relation(Database, Schema, Alias);

    /// <summary>The line of the file, counted from zero, at which the raw code starts: blank lines before it are cut off.</summary>
    internal int FirstLine { get; init; }
}

/// <summary>A table the project reads and does not build.</summary>
public sealed record SourceDefinition
{
    /// <summary>dbt's id, e.g. <c>source.shop.silver.eod_price_raw</c>.</summary>
    public required string UniqueId { get; init; }
    public required string SourceName { get; init; }
    public required string Name { get; init; }
    public required string PackageName { get; init; }
    public required Relation Relation { get; init; }
    public required IReadOnlyList<string> Fqn { get; init; }
    public required string OriginalFilePath { get; init; }
    public required int Line { get; init; }
    public string Description { get; init; } = "";
    public IReadOnlyList<ColumnDescription> Columns { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public required IReadOnlyDictionary<string, object?> Meta { get; init; }
}
