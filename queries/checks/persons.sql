-- Every person of a mention stands in persons, and every mention with a full name has a person.
SELECT 'officials' AS table_name, article_id, span_start, person_id FROM officials WHERE (person_id IS NULL) <> (full_name IS NULL)
UNION ALL
SELECT 'officials' AS table_name, article_id, span_start, person_id FROM officials ANTI JOIN persons USING (person_id) WHERE person_id IS NOT NULL
UNION ALL
SELECT 'person_evidence' AS table_name, article_id, span_start, person_id FROM officials ANTI JOIN person_evidence USING (person_id, article_id, span_start) WHERE person_id IS NOT NULL
