-- No name, title or item is empty or has white space at its ends.
-- once: article
SELECT 'officials' AS table_name, article_id, full_name AS value FROM officials
WHERE regexp_matches(full_name, '^\s|\s$|^$') OR regexp_matches(position, '^\s*$')
UNION ALL
SELECT 'projects' AS table_name, article_id, name FROM projects
WHERE name IS NULL OR regexp_matches(name, '^\s|\s$|^$')
UNION ALL
SELECT 'policy_items' AS table_name, article_id, text FROM policy_items
WHERE text IS NULL OR regexp_matches(text, '^\s*$')
UNION ALL
SELECT 'articles' AS table_name, article_id, title FROM articles
WHERE title IS NULL OR regexp_matches(title, '^\s*$')
