-- Every province code is one of the 77, and stands with its name.
-- once: article
SELECT 'articles' AS table_name, article_id, a.province, province_code
FROM articles AS a LEFT JOIN provinces AS p USING (province_code)
WHERE a.province IS DISTINCT FROM p.province OR (province_code IS NOT NULL AND p.province IS NULL)
UNION ALL
SELECT 'places' AS table_name, article_id, a.province, province_code
FROM places AS a LEFT JOIN provinces AS p USING (province_code)
WHERE (province_code IS NOT NULL AND p.province IS NULL) OR (a.province IS NOT NULL AND a.province IS DISTINCT FROM p.province)
UNION ALL
SELECT 'officials' AS table_name, article_id, position, province_code
FROM officials
WHERE province_code NOT IN (SELECT province_code FROM provinces)
