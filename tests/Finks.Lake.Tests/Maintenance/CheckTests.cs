using Finks.Lake.Bronze;
using Finks.Lake.Maintenance;

namespace Finks.Lake.Tests.Maintenance;

public sealed class CheckTests : IDisposable
{
    private readonly LakeFixture _fixture = new();

    [Fact]
    public void A_sound_lake_has_no_problems_before_and_after_maintenance_and_other_writers()
    {
        MaintainedLake.Fill(_fixture);
        Assert.Empty(Problems());
        MaintainedLake.RunInExtension(_fixture.CatalogFile, "DELETE FROM lake.silver.t WHERE id = 12", "UPDATE lake.silver.plain SET v = 'u' WHERE id = 1");
        Assert.Empty(Problems());
        MaintainedLake.Compact(_fixture);
        Assert.Empty(Problems());
    }

    [Theory]
    [InlineData("UPDATE ducklake_data_file SET record_count = record_count + 1 WHERE data_file_id = 3", "rows", false)]
    [InlineData("UPDATE finks_file_hash SET sha256 = 'ab' WHERE data_file_id = 3", "SHA-256", false)]
    [InlineData("UPDATE ducklake_data_file SET row_id_start = row_id_start - 1 WHERE data_file_id = 3", "share row ids", false)]
    [InlineData("UPDATE ducklake_table_stats SET next_row_id = 1", "row ids up to", false)]
    [InlineData("DELETE FROM ducklake_table_stats", "row ids up to", false)]
    [InlineData("UPDATE ducklake_table_column_stats SET max_value = '5' WHERE table_id = 2 AND column_id = 1", "filters lose rows", false)]
    [InlineData("UPDATE ducklake_table_column_stats SET contains_null = 0 WHERE table_id = 2 AND column_id = 5", "filters lose rows", false)]
    [InlineData("UPDATE ducklake_snapshot SET next_file_id = 1", "given again", false)]
    [InlineData("UPDATE ducklake_file_column_stats SET min_value = '7777777' WHERE column_id = 1 AND data_file_id = 3", "below its least value", true)]
    [InlineData("UPDATE ducklake_file_column_stats SET null_count = 0, value_count = 9 WHERE column_id = 5 AND data_file_id = 2", "nulls", true)]
    public void What_is_wrong_is_named_with_what_to_do(string damage, string problem, bool deepOnly)
    {
        MaintainedLake.Fill(_fixture);
        _fixture.Lake.Database.Write(tx => tx.Execute(damage));

        Assert.Contains(Problems(), p => p.Contains(problem, StringComparison.Ordinal));
        if (deepOnly)
            Assert.Empty(Problems(deep: false));
        else
            Assert.Contains(Problems(deep: false), p => p.Contains(problem, StringComparison.Ordinal));
        Assert.All(Problems(), p => Assert.Matches("[Rr]estore|build|Delete", p));
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("cut")]
    [InlineData("turned")]
    public void A_damaged_file_is_named(string how)
    {
        MaintainedLake.Fill(_fixture);
        var file = _fixture.SilverFiles("plain_*.parquet")[0];
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        if (how == "gone")
            File.Delete(file);
        else
            File.WriteAllBytes(file, how == "cut" ? bytes[..^3] : bytes);

        var problem = Assert.Single(Problems(deep: false));

        Assert.Contains(Path.GetFileName(file), problem, StringComparison.Ordinal);
        Assert.Contains("Restore it from a backup", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_nothing_names_are_counted_and_left()
    {
        MaintainedLake.Fill(_fixture);
        _fixture.Write(MaintainedLake.Plain, "SELECT 1::BIGINT AS id, 'x' AS v");

        var report = Check(deep: false);

        Assert.Equal((1, 0), (report.Unnamed, report.Problems.Count));
    }

    public void Dispose() => _fixture.Dispose();

    private IReadOnlyList<string> Problems(bool deep = true) => Check(deep).Problems;

    private LakeCheckReport Check(bool deep) => new LakeCheck(_fixture.Lake, new BronzeStore(_fixture.Lake)).Run(deep, MaintainedLake.Quiet, CancellationToken.None);
}
