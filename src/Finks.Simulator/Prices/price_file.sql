-- Bars and events of every symbol, in order, as whole numbers: prices in ten-thousandths, dividends in millionths, split ratios in hundred-millionths.
SELECT
    CAST(date_diff('day', DATE '0001-01-01', date) AS INTEGER) AS day,
    CAST(open * 10000 AS BIGINT) AS open,
    CAST(high * 10000 AS BIGINT) AS high,
    CAST(low * 10000 AS BIGINT) AS low,
    CAST(close * 10000 AS BIGINT) AS close,
    CAST(volume AS BIGINT) AS volume,
    CAST(dividend_amount * 1000000 AS BIGINT) AS dividend,
    CAST(split_coefficient * 100000000 AS BIGINT) AS split
FROM read_parquet($file)
ORDER BY symbol, date
