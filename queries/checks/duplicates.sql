-- What a duplicate points to is no duplicate itself, and is there; articles says the same as duplicates.
SELECT 'points to a duplicate' AS wrong, d.article_id, d.duplicate_of
FROM duplicates AS d
JOIN duplicates AS o ON o.article_id = d.duplicate_of
UNION ALL
SELECT 'points to nothing' AS wrong, article_id, duplicate_of
FROM duplicates
WHERE duplicate_of NOT IN (SELECT article_id FROM articles)
UNION ALL
SELECT 'articles says otherwise' AS wrong, a.article_id, a.duplicate_of
FROM articles AS a
LEFT JOIN duplicates AS d USING (article_id)
WHERE a.duplicate_of IS DISTINCT FROM d.duplicate_of
