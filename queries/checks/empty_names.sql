-- No name, title or item is empty or has white space at its ends.
SELECT 'officials' AS table_name, article_id, full_name AS value FROM officials WHERE trim(full_name) <> full_name OR full_name = '' OR position = ''
UNION ALL
SELECT 'projects' AS table_name, article_id, name FROM projects WHERE trim(name) <> name OR name = ''
UNION ALL
SELECT 'policy_items' AS table_name, article_id, text FROM policy_items WHERE trim(text) = ''
UNION ALL
SELECT 'articles' AS table_name, article_id, title FROM articles WHERE trim(title) = ''
