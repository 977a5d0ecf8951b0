-- How many bars each symbol has, in the order of price_file.sql.
SELECT symbol, count(*) AS bars
FROM read_parquet($file)
GROUP BY symbol
ORDER BY symbol
