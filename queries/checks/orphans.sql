-- Every mention has its article.
-- once: article
SELECT 'dates' AS table_name, article_id FROM dates ANTI JOIN articles USING (article_id)
UNION ALL
SELECT 'officials' AS table_name, article_id FROM officials ANTI JOIN articles USING (article_id)
UNION ALL
SELECT 'projects' AS table_name, article_id FROM projects ANTI JOIN articles USING (article_id)
UNION ALL
SELECT 'quantities' AS table_name, article_id FROM quantities ANTI JOIN articles USING (article_id)
UNION ALL
SELECT 'places' AS table_name, article_id FROM places ANTI JOIN articles USING (article_id)
UNION ALL
SELECT 'policy_items' AS table_name, article_id FROM policy_items ANTI JOIN articles USING (article_id)
UNION ALL
SELECT 'removed' AS table_name, article_id FROM removed ANTI JOIN articles USING (article_id)
