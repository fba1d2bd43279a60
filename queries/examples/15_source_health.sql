-- Which sources fell behind, and of how many of their releases is the province known?
SELECT source, articles, duplicates, last_published, days_behind, with_day, with_province, with_officials
FROM source_health
WHERE articles > 0
ORDER BY days_behind DESC NULLS LAST, source
