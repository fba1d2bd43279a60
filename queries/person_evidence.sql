-- person_evidence: why each mention belongs to its person: the rule that gathered it, and with what.
-- by: person_id
-- person_id: key into persons
-- article_id: the release
-- span_start: where the mention begins in articles.text: with article_id the key into officials
-- spelling: the name as this release spells it
-- office: the office stated with it
-- province_code: ISO 3166-2 code of the office's area
-- day: the day of the release
-- rule: same name; spaces or marks (differs from the usual spelling in these alone); one letter, same office and area; set by correction
-- merged_with: the spelling that the rule compared it with; null for the usual spelling itself
-- kept_apart_from: the post of a namesake that contradicts this one at the same time; null where there is none
WITH spelled AS (
    SELECT o.person_id, e.name_key, o.full_name, count(DISTINCT o.article_id) AS articles
    FROM officials AS o
    JOIN _entities AS e ON e.article_id = o.article_id AND e.span_start = o.span_start
    GROUP BY ALL
),
usual AS (
    -- How each name of a person is spelled in most articles.
    SELECT person_id, name_key, arg_max(full_name, (articles, full_name)) AS spelling
    FROM spelled
    GROUP BY person_id, name_key
)
SELECT
    o.person_id,
    o.article_id,
    o.span_start,
    o.full_name AS spelling,
    o.office,
    o.province_code,
    a.day,
    CASE
        WHEN o.person_id IS DISTINCT FROM i.person_id THEN 'set by correction'
        WHEN i.slip_of IS NOT NULL THEN 'one letter, same office and area'
        WHEN o.full_name <> m.spelling THEN 'spaces or marks'
        ELSE 'same name'
    END AS rule,
    CASE
        WHEN o.person_id IS DISTINCT FROM i.person_id THEN NULL
        WHEN i.slip_of IS NOT NULL THEN u.spelling
        WHEN o.full_name <> m.spelling THEN m.spelling
    END AS merged_with,
    e.apart_from AS kept_apart_from
FROM officials AS o
JOIN _releases AS a ON a.article_id = o.article_id
LEFT JOIN _entities AS e ON e.article_id = o.article_id AND e.span_start = o.span_start
LEFT JOIN _person_ids AS i ON i.name_key = e.name_key AND i.apart = e.apart
LEFT JOIN usual AS m ON m.person_id = o.person_id AND m.name_key = e.name_key
LEFT JOIN usual AS u ON u.person_id = o.person_id AND u.name_key = i.slip_of
WHERE o.person_id IS NOT NULL
ORDER BY o.person_id, a.day, o.article_id, o.span_start
