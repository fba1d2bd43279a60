-- Which governor pushed which programme, where and when?
SELECT g.full_name, a.province, p.name AS programme, a.event_from, a.title
FROM unique_articles AS a
JOIN officials AS g ON g.article_id = a.article_id AND g.office = 'governor' AND NOT g.acting
JOIN projects AS m ON m.article_id = a.article_id
JOIN programmes AS p USING (programme_id)
GROUP BY ALL
ORDER BY g.full_name, a.event_from, programme
