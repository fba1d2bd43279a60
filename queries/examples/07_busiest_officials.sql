-- Which officials presided most often?
SELECT full_name, sum(chaired) AS chaired, sum(releases) AS releases, min(month) AS first_month, max(month) AS last_month
FROM official_activity
GROUP BY person_id, full_name
HAVING sum(chaired) > 0
ORDER BY chaired DESC, releases DESC, full_name
LIMIT 10
