-- tenures: who was seen holding which office where, and when first and last.
-- person_id: key into persons
-- full_name: the person's name
-- office: normalised office, such as governor
-- organisation: the organisation or area, as written most often
-- province_code: ISO 3166-2 code of the office's area
-- acting: true where the person stood in for the holder
-- first_seen: first event or posting day of a release that says so
-- last_seen: last such day
-- article_count: in how many articles
SELECT
    o.person_id,
    any_value(p.full_name) AS full_name,
    o.office,
    mode(o.organisation ORDER BY o.organisation) AS organisation,
    o.province_code,
    o.acting,
    min(coalesce(a.event_from, a.published_at)) AS first_seen,
    max(coalesce(a.event_from, a.published_at)) AS last_seen,
    count(DISTINCT o.article_id) AS article_count
FROM officials AS o
JOIN articles AS a USING (article_id)
JOIN persons AS p USING (person_id)
WHERE o.office IS NOT NULL
GROUP BY o.person_id, o.office, o.province_code, o.acting
ORDER BY o.person_id, o.office, o.province_code, o.acting
