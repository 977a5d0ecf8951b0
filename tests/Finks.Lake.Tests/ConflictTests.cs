namespace Finks.Lake.Tests;

public sealed class SqliteConflictTests() : ConflictTests(new LakeFixture());

public sealed class PostgresConflictTests(PostgresServer postgres) : ConflictTests(LakeFixture.On(postgres));

/// <summary>What others may have committed since a commit's basis, and what not.</summary>
public abstract class ConflictTests(LakeFixture fixture) : IDisposable
{
    private static readonly TableDefinition Table = LakeFixture.Silver("t", new TableColumn("id", "BIGINT"), new TableColumn("d", "DATE")) with { PartitionByYearOf = "d" };
    private static readonly TableName Name = new("silver", "T");
    private static readonly string[] Years = ["2020", "2021"];

    private readonly LakeFixture _fixture = fixture;
    private readonly Extension _extension = new(fixture);

    /// <summary>Rows: what the other does. Columns: mine is an append, a replacement, a change of columns only, a drop, work that has read the table.</summary>
    [Theory]
    [InlineData("append", false, true, false, false, true)]
    [InlineData("replace", true, true, false, false, true)]
    [InlineData("alter", true, true, true, false, true)]
    [InlineData("comment", true, true, true, false, true)]
    [InlineData("rename", true, true, true, true, true)]
    [InlineData("drop", true, true, true, true, true)]
    [InlineData("drop and make anew", true, true, true, true, true)]
    [InlineData("other table", false, false, false, false, false)]
    [InlineData("nothing", false, false, false, false, false)]
    [InlineData("INSERT INTO lake.silver.t VALUES (7, '2024-01-01')", false, true, false, false, true)]
    [InlineData("DELETE FROM lake.silver.t WHERE id = 1", true, true, false, false, true)]
    [InlineData("UPDATE lake.silver.t SET id = 9 WHERE id = 2", true, true, false, false, true)]
    [InlineData("ALTER TABLE lake.silver.t ADD COLUMN x INTEGER", true, true, true, false, true)]
    [InlineData("ALTER TABLE lake.silver.t RENAME TO u", true, true, true, true, true)]
    [InlineData("CALL ducklake_merge_adjacent_files('lake')", false, true, false, false, false)]
    [InlineData("CALL lake.set_option('data_inlining_row_limit', 10); INSERT INTO lake.silver.t VALUES (7, '2024-01-01')", false, true, false, false, true)]
    [InlineData("CREATE VIEW lake.silver.v AS SELECT 1 AS x", false, false, false, false, false)]
    [InlineData("CREATE SCHEMA lake.s; DROP SCHEMA lake.s", false, false, false, false, false)]
    public void What_another_did_since_the_basis_is_in_the_way_or_not(string other, bool append, bool replace, bool alter, bool drop, bool read)
    {
        _fixture.Commit(Table, "SELECT 1::BIGINT AS id, DATE '2020-01-01' AS d UNION ALL SELECT 2, DATE '2021-01-01'");
        var basis = _fixture.Commit(Table, "SELECT 3::BIGINT AS id, DATE '2020-02-01' AS d UNION ALL SELECT 4, DATE '2021-02-01'");
        var files = _fixture.Write(Table, "SELECT 5::BIGINT AS id, DATE '2020-05-01' AS d");

        Do(other);

        var wider = Table with { Columns = [.. Table.Columns, new TableColumn("more", "INTEGER")] };
        Expect(read, basis, commit => commit with { Reads = [Name] });
        Expect(alter, basis, commit => commit with { Writes = [new TableWrite(wider, WriteMode.Append, [])] });
        Expect(replace, basis, commit => commit with { Writes = [new TableWrite(Table, WriteMode.ReplacePartitions, files) { ReplacedPartitions = Years }] });
        Expect(append, basis, commit => commit with { Writes = [new TableWrite(Table, WriteMode.Append, files)] });
        Expect(drop, basis, commit => commit with { Drops = [Name] });
        var before = _fixture.Lake.CurrentSnapshot();
        Assert.Equal(read, Record.Exception(() => _fixture.Lake.WriteLedger(basis, [Name], _ => { })) is ConflictException);
        Assert.Equal(before, _fixture.Lake.CurrentSnapshot());
    }

    [Fact]
    public void A_table_that_another_has_made_since_counts_as_changed()
    {
        var basis = _fixture.Lake.CurrentSnapshot();
        _fixture.Commit(LakeFixture.Silver("other", new TableColumn("id", "BIGINT")), "SELECT 1::BIGINT AS id");
        Expect(false, basis, commit => commit with { Reads = [Name] });
        Expect(false, basis, commit => commit with { Writes = [new TableWrite(Table, WriteMode.Append, [])] });

        _fixture.Commit(Table, "SELECT 1::BIGINT AS id, DATE '2020-01-01' AS d");

        Expect(true, basis, commit => commit with { Reads = [Name] });
        Expect(true, basis, commit => commit with { Writes = [new TableWrite(Table, WriteMode.Append, [])] });
    }

    [Fact]
    public void The_error_names_the_table_the_snapshot_its_author_and_its_message()
    {
        var basis = _fixture.Commit(Table, "SELECT 1::BIGINT AS id, DATE '2020-01-01' AS d");
        _fixture.Lake.Commit(LakeFixture.NewCommit("k", new TableWrite(Table, WriteMode.Append, _fixture.Write(Table, "SELECT 2::BIGINT AS id, NULL::DATE AS d"))) with { Author = "Ada", Message = "late prices" });

        var error = Assert.Throws<ConflictException>(() => _fixture.Lake.Commit(LakeFixture.NewCommit("mine") with { Basis = basis, Reads = [Name] }));

        Assert.Contains("silver.T got rows meanwhile, by snapshot 2 of Ada (late prices)", error.Message, StringComparison.Ordinal);
        Assert.Null(_fixture.Lake.FindCommit("mine"));
    }

    [Fact]
    public void A_basis_that_has_been_expired_is_an_error_and_a_gap_after_it_a_conflict()
    {
        var first = _fixture.Commit(Table, "SELECT 1::BIGINT AS id, DATE '2020-01-01' AS d");
        var second = _fixture.Commit(Table, "SELECT 2::BIGINT AS id, DATE '2020-01-01' AS d");
        _fixture.Commit();

        _extension.Run("CALL ducklake_expire_snapshots('lake', versions => [2])", "SELECT 1");

        Assert.Contains("has been expired", Assert.Throws<LakeException>(() => _fixture.Lake.Commit(LakeFixture.NewCommit("a") with { Basis = second })).Message, StringComparison.Ordinal);
        Assert.Contains("have been expired", Assert.Throws<ConflictException>(() => _fixture.Lake.Commit(LakeFixture.NewCommit("b") with { Basis = first })).Message, StringComparison.Ordinal);
        Assert.Throws<LakeException>(() => _fixture.Lake.Commit(LakeFixture.NewCommit("c") with { Basis = second with { Id = 99 } }));
        Assert.Throws<LakeException>(() => _fixture.Lake.Commit(LakeFixture.NewCommit("d") with { Reads = [Name] }));
    }

    [Fact]
    public void The_key_of_a_commit_is_known_after_its_snapshot_has_been_expired()
    {
        var commit = LakeFixture.NewCommit("once", new TableWrite(Table, WriteMode.Append, _fixture.Write(Table, "SELECT 1::BIGINT AS id, DATE '2020-01-01' AS d")));
        var first = _fixture.Lake.Commit(commit).Snapshot;
        _fixture.Commit(Table, "SELECT 2::BIGINT AS id, DATE '2020-01-01' AS d");

        _extension.Run("CALL ducklake_expire_snapshots('lake', versions => [1])", "SELECT 1");

        Assert.Equal([0L, 2L], _fixture.Lake.Snapshots().Select(s => s.Id));
        Assert.Equal(first, _fixture.Lake.FindCommit("once"));
        Assert.Equal(new CommitResult(first, AlreadyCommitted: true), _fixture.Lake.Commit(commit));
        Assert.Equal(2, _fixture.Rows("t").Count);
    }

    [Fact]
    public void Files_written_before_another_changed_the_columns_are_not_committed()
    {
        _fixture.Commit(Table, "SELECT 1::BIGINT AS id, DATE '2020-01-01' AS d");
        var mine = Table with { Columns = [.. Table.Columns, new TableColumn("mine", "INTEGER")] };
        var theirs = Table with { Columns = [.. Table.Columns, new TableColumn("theirs", "INTEGER")] };
        var both = Table with { Columns = [.. theirs.Columns, new TableColumn("mine", "INTEGER")] };
        const string select = "SELECT 2::BIGINT AS id, DATE '2020-01-01' AS d, 5 AS theirs, 6 AS mine";
        var files = _fixture.Write(mine, $"SELECT * EXCLUDE (theirs) FROM ({select})");
        var filesOfBoth = _fixture.Write(both, select);
        _fixture.Commit(new TableWrite(theirs, WriteMode.Append, []));

        Assert.Contains("Write it again", Assert.Throws<ConflictException>(() => _fixture.Commit(new TableWrite(mine with { DroppedColumns = ["theirs"] }, WriteMode.Append, files))).Message, StringComparison.Ordinal);
        // Two that add the same column agree.
        _fixture.Commit(new TableWrite(both, WriteMode.Append, filesOfBoth));

        Assert.Equal(["{'id': 1, 'd': 2020-01-01, 'theirs': NULL, 'mine': NULL}", "{'id': 2, 'd': 2020-01-01, 'theirs': 5, 'mine': 6}"], _fixture.Rows("t"));
        _extension.Check("--append", "silver.t");
    }

    public void Dispose() => _fixture.Dispose();

    private void Do(string other)
    {
        var files = _fixture.Write(Table, "SELECT 6::BIGINT AS id, DATE '2022-05-01' AS d");
        switch (other)
        {
            case "append":
                _fixture.Commit(new TableWrite(Table, WriteMode.Append, files));
                break;
            case "replace":
                _fixture.Commit(new TableWrite(Table, WriteMode.ReplacePartitions, files) { ReplacedPartitions = ["2021", "2022"] });
                break;
            case "alter":
                _fixture.Commit(new TableWrite(Table with { Columns = [.. Table.Columns, new TableColumn("x", "INTEGER")] }, WriteMode.Append, []));
                break;
            case "comment":
                _fixture.Commit(new TableWrite(Table with { Comment = "new" }, WriteMode.Append, []));
                break;
            case "rename":
                _fixture.Commit(new TableWrite(Table with { Name = "u", RenamedFrom = "t" }, WriteMode.Append, []));
                break;
            case "drop":
                _fixture.Lake.Commit(LakeFixture.NewCommit("other") with { Drops = [Name] });
                break;
            case "drop and make anew":
                _fixture.Lake.Commit(LakeFixture.NewCommit("other", new TableWrite(Table, WriteMode.Append, [])) with { Drops = [Name] });
                break;
            case "other table":
                _fixture.Commit(new TableWrite(LakeFixture.Silver("other", new TableColumn("id", "BIGINT")), WriteMode.Append, []));
                break;
            case "nothing":
                _fixture.Commit();
                break;
            default:
                _extension.Run(other.Split("; "));
                break;
        }
    }

    /// <summary>Tries the commit and takes it back, so that the next is tried on the same state.</summary>
    private void Expect(bool conflict, Snapshot basis, Func<LakeCommit, LakeCommit> mine)
    {
        var commit = mine(LakeFixture.NewCommit("mine") with { Basis = basis, Ledger = _ => throw new NotSupportedException("reached") });
        var error = Record.Exception(() => _fixture.Lake.Commit(commit));
        Assert.True(conflict ? error is ConflictException : error is NotSupportedException, $"{commit}: {error}");
    }
}
