-- tenures: who was seen holding which office where, and when first and last.
-- key: person_id, office, province_code, organisation, acting
-- by: person_id
-- person_id: key into persons
-- full_name: the person's usual name
-- office: normalised office, such as governor; see offices
-- organisation: the organisation or area, as written most often
-- province_code: ISO 3166-2 code of the office's area
-- acting: true where the person stood in for the holder
-- first_seen: first event or posting day of a release that says so
-- last_seen: last such day
-- article_count: in how many articles
WITH held AS (
    SELECT
        o.person_id,
        o.office,
        o.province_code,
        o.acting,
        o.article_id,
        a.day,
        o.organisation,
        -- A province has one office of a kind; below and above it the organisation tells which.
        CASE
            WHEN f.level IS DISTINCT FROM 'province' OR o.province_code IS NULL
                THEN regexp_replace(o.organisation, '[\s.ฯ่้๊๋็์-]', '', 'g')
        END AS organisation_key
    FROM officials AS o
    JOIN _releases AS a ON a.article_id = o.article_id
    LEFT JOIN offices AS f ON f.office = o.office
    WHERE o.office IS NOT NULL AND o.person_id IS NOT NULL
)
SELECT
    h.person_id,
    p.full_name,
    h.office,
    mode(h.organisation ORDER BY h.organisation) AS organisation,
    h.province_code,
    h.acting,
    min(h.day) AS first_seen,
    max(h.day) AS last_seen,
    count(DISTINCT h.article_id) AS article_count
FROM held AS h
JOIN persons AS p ON p.person_id = h.person_id
GROUP BY h.person_id, p.full_name, h.office, h.province_code, h.organisation_key, h.acting
ORDER BY h.person_id, h.office, h.province_code, organisation, h.acting
