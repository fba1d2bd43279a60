-- Which releases were posted again, and where?
SELECT o.url AS original, a.url AS again, a.published_at, d.likeness, d.why
FROM duplicates AS d
JOIN articles AS a USING (article_id)
JOIN articles AS o ON o.article_id = d.duplicate_of
ORDER BY original, again
