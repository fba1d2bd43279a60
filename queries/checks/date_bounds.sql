-- Dates lie between 1900 and 2100 (dates of history, role reference, from 1000 on), and no range ends before it begins.
-- once: article
SELECT 'dates' AS table_name, article_id, surface, date_from, date_to
FROM dates
WHERE (
    date_from >= CASE role WHEN 'reference' THEN DATE '1000-01-01' ELSE DATE '1900-01-01' END
    AND date_to BETWEEN date_from AND DATE '2100-12-31'
) IS NOT TRUE
UNION ALL
SELECT 'articles' AS table_name, article_id, title, event_from, event_to
FROM articles
WHERE NOT (event_from BETWEEN DATE '1900-01-01' AND DATE '2100-12-31' AND event_to BETWEEN event_from AND DATE '2100-12-31')
    OR (event_from IS NULL) <> (event_to IS NULL)
UNION ALL
SELECT 'published_at' AS table_name, article_id, title, published_at, published_at
FROM articles
WHERE NOT published_at BETWEEN DATE '1900-01-01' AND DATE '2100-12-31'
