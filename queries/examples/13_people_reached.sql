-- How many people did training and events reach, by province?
SELECT a.province, q.surface, q.amount, a.title
FROM unique_articles AS a
JOIN quantities AS q USING (article_id)
WHERE q.kind = 'people' AND q.amount >= 50
ORDER BY q.amount DESC, a.province
