-- article_id is the key of articles.
SELECT article_id, count(*) AS rows_found FROM articles GROUP BY article_id HAVING count(*) > 1
