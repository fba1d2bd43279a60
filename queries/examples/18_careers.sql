-- Who held more than one office, one after the other?
SELECT full_name, list({'office': office, 'province': province_code, 'from': first_seen} ORDER BY first_seen, office) AS offices
FROM tenures
GROUP BY person_id, full_name
HAVING count(DISTINCT (office, province_code)) > 1
ORDER BY full_name
