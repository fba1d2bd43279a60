-- How is each person with several spellings or offices known to be one?
SELECT p.full_name, e.rule, e.spelling, e.merged_with, e.office, e.province_code, count(*) AS mentions
FROM person_evidence AS e
JOIN persons AS p USING (person_id)
WHERE p.article_count > 1 OR len(p.spellings) > 1
GROUP BY ALL
ORDER BY p.full_name, e.rule, e.spelling, e.office
LIMIT 50
