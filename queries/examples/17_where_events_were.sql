-- Where did the events of each province take place?
SELECT a.province, p.district, p.subdistrict, p.venue, a.event_from
FROM unique_articles AS a
JOIN places AS p ON p.article_id = a.article_id AND p.province_code = a.province_code
WHERE p.venue IS NOT NULL
ORDER BY a.province, a.event_from, p.span_start
