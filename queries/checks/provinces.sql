-- Every province code is one of the 77, and stands with its name.
SELECT 'articles' AS table_name, article_id, province, province_code FROM articles
WHERE (province IS NULL) <> (province_code IS NULL) OR province_code NOT IN (SELECT province_code FROM provinces)
UNION ALL
SELECT 'places' AS table_name, article_id, province, province_code FROM places
WHERE province_code NOT IN (SELECT province_code FROM provinces)
UNION ALL
SELECT 'officials' AS table_name, article_id, position, province_code FROM officials
WHERE province_code NOT IN (SELECT province_code FROM provinces)
