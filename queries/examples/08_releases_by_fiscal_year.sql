-- How many releases has each province a fiscal year?
SELECT v.region, v.province, c.fiscal_year_be, count(*) AS releases
FROM unique_articles AS a
JOIN provinces AS v USING (province_code)
JOIN calendar AS c ON c.day = coalesce(a.event_from, a.published_at)
GROUP BY ALL
ORDER BY c.fiscal_year_be, v.region, v.province
