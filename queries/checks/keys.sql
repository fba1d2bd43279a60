-- The keys of the tables made from mentions are keys, and what points to them finds its row.
SELECT 'persons' AS table_name, person_id AS key_value FROM persons GROUP BY person_id HAVING count(*) > 1
UNION ALL
SELECT 'programmes' AS table_name, programme_id FROM programmes GROUP BY programme_id HAVING count(*) > 1
UNION ALL
SELECT 'projects' AS table_name, programme_id FROM projects ANTI JOIN programmes USING (programme_id)
UNION ALL
SELECT 'tenures' AS table_name, office FROM tenures ANTI JOIN offices USING (office)
UNION ALL
SELECT 'directives' AS table_name, directive_id FROM directives GROUP BY directive_id HAVING count(*) > 1
UNION ALL
SELECT 'policy_lists' AS table_name, article_id FROM policy_lists GROUP BY article_id, list_no HAVING count(*) > 1
