namespace Finks.Lake.Tests;

/// <summary>A table with a column of each type that Finks writes, and rows that have broken writers before.</summary>
internal static class EveryType
{
    public static readonly TableColumn[] Columns =
    [
        new("id", "BIGINT", NullsAllowed: false, Comment: "row number"), new("b", "BOOLEAN"), new("i8", "TINYINT"), new("i16", "SMALLINT"), new("i32", "INTEGER"),
        new("u8", "UTINYINT"), new("u16", "USMALLINT"), new("u32", "UINTEGER"), new("u64", "UBIGINT"), new("f", "FLOAT"), new("d", "DOUBLE"),
        new("m", "DECIMAL(18,4)"), new("wide", "DECIMAL(38,0)"), new("day", "DATE"), new("t", "TIME"), new("ts", "TIMESTAMP"), new("tz", "TIMESTAMPTZ"),
        new("s", "VARCHAR"), new("long", "VARCHAR"), new("x", "BLOB"), new("u", "UUID"), new("tags", "VARCHAR[]"), new("numbers", "BIGINT[]"),
    ];

    /// <summary>Rows <paramref name="from"/> to <paramref name="to"/>, each tenth all NULL, with dates from 1962 on.</summary>
    public static string Select(int from, int to) => $$"""
        SELECT {{string.Join(", ", Columns.Select(c => c.Name == "id" ? "id" : $"CASE WHEN id % 10 = 9 THEN NULL ELSE {c.Name} END AS \"{c.Name}\""))}}
        FROM (SELECT i::BIGINT AS id, i % 2 = 0 AS b, (i % 200 - 100)::TINYINT AS i8, (i * -7)::SMALLINT AS i16, (i * 1001 - 5000)::INTEGER AS i32,
          (i % 256)::UTINYINT AS u8, (i % 65536)::USMALLINT AS u16, (4294967295 - i)::UINTEGER AS u32, (18446744073709551615::HUGEINT - i)::UBIGINT AS u64,
          CASE i % 7 WHEN 0 THEN 'nan'::FLOAT ELSE (i - 20) * 1e-7 END::FLOAT AS f,
          CASE i % 6 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE ELSE (i - 30) * 1e17 END AS d,
          ((i - 25) * 0.0099)::DECIMAL(18,4) AS m, ((i - 15)::HUGEINT * 1234567890123456789012345678::HUGEINT)::DECIMAL(38,0) AS wide,
          (DATE '1962-03-01' + (i * 400)::INT)::DATE AS day, (TIME '00:00:00.25' + INTERVAL (i * 600) SECOND)::TIME AS t,
          TIMESTAMP '1960-01-01 00:00:00.000001' + INTERVAL (i * 9000) HOUR AS ts, TIMESTAMPTZ '1969-12-31 23:00:00+00' + INTERVAL (i * 77) MINUTE AS tz,
          CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'é' || i WHEN 2 THEN '🎈''"' || i ELSE chr((57344 + i)::INTEGER) END AS s, repeat('long é ', 60 + i) AS long,
          (i::VARCHAR || '\x00\xFF')::BLOB AS x, md5(i::VARCHAR)::UUID AS u,
          CASE i % 3 WHEN 0 THEN [] WHEN 1 THEN ['a', NULL, 'é' || i] ELSE NULL END::VARCHAR[] AS tags, [i, -i, NULL]::BIGINT[] AS numbers
        FROM range({{from}}, {{to}}) r(i))
        """;

    public static TableDefinition ByYear { get; } = LakeFixture.Silver("t", Columns) with
    {
        PartitionByYearOf = "day",
        SortBy = [new SortKey("s"), new SortKey("id", Descending: true)],
        Comment = "one column of each type",
    };
}
