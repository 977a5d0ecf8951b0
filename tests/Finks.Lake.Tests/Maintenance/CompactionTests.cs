using Finks.Lake.Maintenance;

namespace Finks.Lake.Tests.Maintenance;

public sealed class CompactionTests : IDisposable
{
    private readonly LakeFixture _fixture = new();

    [Fact]
    public void Small_files_become_one_per_partition_and_no_snapshot_reads_otherwise()
    {
        MaintainedLake.Fill(_fixture);
        var before = MaintainedLake.Everything(_fixture);
        var now = _fixture.Lake.CurrentSnapshot();
        var changed = Changed();
        var rows = _fixture.Rows("t");

        var results = MaintainedLake.Compact(_fixture);

        Assert.Equal(["silver.t", "silver.plain"], results.Select(r => r.Table));
        Assert.All(results, r => Assert.True(r.FilesAfter < r.FilesBefore && r.Snapshot is not null));
        var newest = _fixture.Lake.CurrentSnapshot();
        Assert.Equal(now.Id + 2, newest.Id);
        var files = _fixture.Lake.Files(_fixture.Lake.FindTable("silver", "t", newest)!, newest);
        Assert.Equal(files.Count, files.Select(f => f.PartitionValue).Distinct().Count());
        Assert.Equal(rows, _fixture.Rows("t"));
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
        Assert.Equal(changed, Changed());
        Assert.Empty(MaintainedLake.Compact(_fixture));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
        MaintainedLake.Check(_fixture, "--append", "silver.plain", "--latest");
    }

    [Fact]
    public void The_extension_finds_the_same_row_ids_and_reports_no_change_but_the_move()
    {
        MaintainedLake.Fill(_fixture);
        const string ids = "SELECT rowid, id FROM lake.silver.t ORDER BY rowid";
        var before = MaintainedLake.RunInExtension(_fixture.CatalogFile, ids);

        MaintainedLake.Compact(_fixture);

        Assert.Equal(60, before.Count);
        Assert.Equal(before, MaintainedLake.RunInExtension(_fixture.CatalogFile, ids));
        _fixture.Commit(MaintainedLake.ByYear, EveryType.Select(60, 70));
        Assert.Equal(before, MaintainedLake.RunInExtension(_fixture.CatalogFile, ids).Take(60));
        MaintainedLake.Compact(_fixture);
        Assert.Equal(before, MaintainedLake.RunInExtension(_fixture.CatalogFile, ids).Take(60));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void Rows_that_another_writer_deleted_or_changed_stay_so_and_old_snapshots_still_have_them()
    {
        MaintainedLake.Fill(_fixture);
        MaintainedLake.RunInExtension(
            _fixture.CatalogFile, "DELETE FROM lake.silver.t WHERE id % 7 = 3 AND id < 30", "UPDATE lake.silver.t SET s = 'changed' WHERE id = 35", "DELETE FROM lake.silver.plain WHERE id < 100");
        var before = MaintainedLake.Everything(_fixture);
        const string ids = "SELECT rowid, id, s FROM lake.silver.t ORDER BY rowid";
        var rowIds = MaintainedLake.RunInExtension(_fixture.CatalogFile, ids);
        var rows = _fixture.Rows("t");

        MaintainedLake.Compact(_fixture);

        Assert.Equal(rows, _fixture.Rows("t"));
        Assert.Equal(rowIds, MaintainedLake.RunInExtension(_fixture.CatalogFile, ids));
        Assert.Equal(0, _fixture.Lake.Database.Read(r => r.Scalar<long>(
            "SELECT count(*) FROM ducklake_delete_file WHERE end_snapshot IS NULL AND table_id = (SELECT table_id FROM ducklake_table WHERE table_name = 't')")));
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void Rows_whose_deletion_only_the_catalog_tells_are_not_brought_back()
    {
        MaintainedLake.Fill(_fixture);
        MaintainedLake.RunInExtension(_fixture.CatalogFile, "CALL lake.set_option('data_inlining_row_limit', '10')", "DELETE FROM lake.silver.t WHERE id = 3");
        var rows = _fixture.Rows("t");

        var results = MaintainedLake.Compact(_fixture);

        Assert.Equal(59, rows.Count);
        Assert.Contains("deletion", results.Single(r => r.Table == "silver.t").Skipped, StringComparison.Ordinal);
        Assert.Equal(rows, _fixture.Rows("t"));
    }

    [Fact]
    public void A_partition_larger_than_the_target_becomes_several_files_in_order()
    {
        var table = LakeFixture.Silver("big", new TableColumn("id", "BIGINT"), new TableColumn("noise", "VARCHAR")) with { SortBy = [new SortKey("id")] };
        for (var i = 0; i < 8; i++)
            _fixture.Commit(table, $"SELECT (range * 8 + {i})::BIGINT AS id, md5((range * 8 + {i})::VARCHAR) AS noise FROM range(500)");
        var rows = _fixture.Rows("big");

        var result = Assert.Single(MaintainedLake.Compact(_fixture, target: 48 << 10));

        Assert.InRange(result.FilesAfter!.Value, 2, 6);
        var newest = _fixture.Lake.CurrentSnapshot();
        var files = _fixture.Lake.Files(_fixture.Lake.FindTable("silver", "big", newest)!, newest);
        var bounds = files.Select(f => (Min: long.Parse(f.Columns["id"].Min!), Max: long.Parse(f.Columns["id"].Max!))).ToList();
        Assert.All(bounds.Zip(bounds.Skip(1)), pair => Assert.True(pair.First.Max < pair.Second.Min));
        Assert.Equal(rows, _fixture.Rows("big"));
        Assert.Empty(MaintainedLake.Compact(_fixture, target: 48 << 10));
        MaintainedLake.Check(_fixture, "--append", "silver.big");
    }

    [Fact]
    public void Equal_rows_give_equal_bytes_whatever_the_number_of_threads()
    {
        string[] Hashes(int threads)
        {
            using var fixture = new LakeFixture();
            MaintainedLake.Fill(fixture);
            MaintainedLake.Compact(fixture, threads: threads);
            return [.. fixture.Lake.Database.Read(r => r.Query("SELECT sha256 FROM finks_file_hash ORDER BY sha256", row => row.GetString(0)))];
        }

        Assert.Equal(Hashes(1), Hashes(4));
    }

    [Fact]
    public void A_dry_run_and_too_few_files_change_nothing()
    {
        MaintainedLake.Fill(_fixture);
        var before = _fixture.Lake.CurrentSnapshot();
        var compaction = new Compaction(_fixture.Lake);

        var planned = compaction.Run(new CompactionRequest { DryRun = true }, MaintainedLake.Quiet, CancellationToken.None);
        var few = compaction.Run(new CompactionRequest { MinFiles = 100 }, MaintainedLake.Quiet, CancellationToken.None);

        Assert.Equal(2, planned.Count);
        Assert.All(planned, p => Assert.Null(p.FilesAfter));
        Assert.Empty(few);
        Assert.Equal(before, _fixture.Lake.CurrentSnapshot());
        Assert.Contains("silver.plain", Assert.Throws<LakeException>(() => compaction.Run(
            new CompactionRequest { Tables = ["silver.nothing"] }, MaintainedLake.Quiet, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_append_meanwhile_is_no_conflict_and_stays()
    {
        MaintainedLake.Fill(_fixture);
        var before = MaintainedLake.Everything(_fixture);
        var appended = 0;
        using var lake = DataLake.Open(_fixture.Options(series: 1) with
        {
            Reached = point =>
            {
                if (point == KillPoint.Compacted && ++appended == 1)
                    _fixture.Commit(MaintainedLake.ByYear, EveryType.Select(60, 65));
            },
        });

        var results = MaintainedLake.Compact(_fixture, lake);

        Assert.Equal(2, appended);
        Assert.Equal(2, results.Count);
        Assert.Equal(65, _fixture.Rows("t").Count);
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void A_deletion_meanwhile_makes_the_work_be_done_again()
    {
        MaintainedLake.Fill(_fixture);
        var attempts = 0;
        using var lake = DataLake.Open(_fixture.Options(series: 1) with
        {
            Reached = point =>
            {
                if (point == KillPoint.Compacted && ++attempts == 1)
                    MaintainedLake.RunInExtension(_fixture.CatalogFile, "DELETE FROM lake.silver.t WHERE id = 12");
            },
        });

        MaintainedLake.Compact(_fixture, lake);

        Assert.Equal(3, attempts);
        Assert.Equal(59, _fixture.Rows("t").Count);
        Assert.DoesNotContain(_fixture.Rows("t"), r => r.Contains("'id': 12,", StringComparison.Ordinal));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void Killed_at_any_step_nothing_is_lost_and_the_next_run_goes_through()
    {
        MaintainedLake.Fill(_fixture);
        var before = MaintainedLake.Everything(_fixture);
        var rows = _fixture.Rows("t");

        var failures = MaintainedLake.FailEverywhere(_fixture, lake => MaintainedLake.Compact(_fixture, lake), () =>
        {
            MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
            Assert.Equal(rows, _fixture.Rows("t"));
        });

        Assert.InRange(failures, 8, 100);
        Assert.Empty(MaintainedLake.Compact(_fixture));
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void A_source_that_holds_other_rows_than_the_catalog_says_stops_it()
    {
        MaintainedLake.Fill(_fixture);
        var before = _fixture.Lake.CurrentSnapshot();
        _fixture.Lake.Database.Write(tx => tx.Execute("UPDATE ducklake_data_file SET record_count = record_count + 1 WHERE data_file_id = (SELECT max(data_file_id) FROM ducklake_data_file)"));

        var error = Assert.Throws<LakeException>(() => MaintainedLake.Compact(_fixture));

        Assert.Contains("silver.plain", error.Message, StringComparison.Ordinal);
        Assert.Contains("finks lake check", error.Message, StringComparison.Ordinal);
        Assert.Equal((before.Id + 1, "silver.t"), (_fixture.Lake.CurrentSnapshot().Id, _fixture.Lake.CurrentSnapshot().Message![..8]));
    }

    public void Dispose() => _fixture.Dispose();

    private IReadOnlyList<long> Changed()
    {
        var now = _fixture.Lake.CurrentSnapshot();
        return [.. _fixture.Lake.Tables(now).Select(t => _fixture.Lake.ChangedBy(t, now))];
    }
}
