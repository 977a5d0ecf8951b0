namespace Finks.Lake.Commits;

/// <summary>What a commit can do, in the order in which <c>changes_made</c> tells it.</summary>
internal enum ChangeKind
{
    DroppedSchema,
    DroppedTable,
    DroppedView,
    DroppedScalarMacro,
    DroppedTableMacro,
    CreatedSchema,
    CreatedTable,
    CreatedView,
    CreatedScalarMacro,
    CreatedTableMacro,
    InsertedIntoTable,
    DeletedFromTable,
    AlteredTable,
    AlteredView,

    /// <summary>Rows went into the catalog instead of a file.</summary>
    InlinedInsert,
    InlinedDelete,

    /// <summary>Rows of the catalog became a file; no row changed.</summary>
    InlineFlush,
    MergeAdjacent,
    RewriteDelete,

    /// <summary>The specification's word for both kinds of compaction; the extension reads it and writes the two before.</summary>
    CompactedTable,
}

/// <summary>One entry of <c>changes_made</c>. What is created has names, all else an id.</summary>
/// <param name="Schema">The created schema, or the schema of what was created.</param>
/// <param name="Name">Null for a schema.</param>
internal sealed record Change(ChangeKind Kind, long? Id, string? Schema = null, string? Name = null)
{
    public override string ToString() => $"{ChangeText.Word(Kind)}:" + (Id is not null ? $"{Id}" : ChangeText.Quote(Schema!) + (Name is null ? "" : "." + ChangeText.Quote(Name)));
}
