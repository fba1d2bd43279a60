-- The words of every mention are the words that stand at its span.
-- once: article
-- held: by extraction
SELECT 'dates' AS table_name, m.article_id, m.span_start, m.surface AS surface
FROM dates AS m
JOIN articles AS a USING (article_id)
WHERE (m.span_start >= 0 AND m.span_end > m.span_start AND substring(a.text, m.span_start + 1, m.span_end - m.span_start) = m.surface) IS NOT TRUE
UNION ALL
SELECT 'officials' AS table_name, m.article_id, m.span_start, m.surface AS surface
FROM officials AS m
JOIN articles AS a USING (article_id)
WHERE (m.span_start >= 0 AND m.span_end > m.span_start AND substring(a.text, m.span_start + 1, m.span_end - m.span_start) = m.surface) IS NOT TRUE
UNION ALL
SELECT 'projects' AS table_name, m.article_id, m.span_start, m.surface AS surface
FROM projects AS m
JOIN articles AS a USING (article_id)
WHERE (m.span_start >= 0 AND m.span_end > m.span_start AND substring(a.text, m.span_start + 1, m.span_end - m.span_start) = m.surface) IS NOT TRUE
UNION ALL
SELECT 'quantities' AS table_name, m.article_id, m.span_start, m.surface AS surface
FROM quantities AS m
JOIN articles AS a USING (article_id)
WHERE (m.span_start >= 0 AND m.span_end > m.span_start AND substring(a.text, m.span_start + 1, m.span_end - m.span_start) = m.surface) IS NOT TRUE
UNION ALL
SELECT 'places' AS table_name, m.article_id, m.span_start, m.surface AS surface
FROM places AS m
JOIN articles AS a USING (article_id)
WHERE (m.span_start >= 0 AND m.span_end > m.span_start AND substring(a.text, m.span_start + 1, m.span_end - m.span_start) = m.surface) IS NOT TRUE
UNION ALL
SELECT 'policy_items' AS table_name, m.article_id, m.span_start, m.text AS surface
FROM policy_items AS m
JOIN articles AS a USING (article_id)
WHERE (m.span_start >= 0 AND m.span_end > m.span_start AND substring(a.text, m.span_start + 1, m.span_end - m.span_start) = m.text) IS NOT TRUE
