-- _entities: every mention with the person of that very name: namesakes apart, typing errors not yet gathered.
-- by: name_key
-- name_key: the name, see _named
-- apart: what tells the person from the first of the name; empty for that one
WITH told AS (
    SELECT n.*, s.apart, s.apart_from
    FROM _named AS n
    LEFT JOIN _namesakes AS s
        ON s.name_key = n.name_key
        AND s.branch IS NOT DISTINCT FROM n.branch
        AND s.province_code IS NOT DISTINCT FROM n.province_code
),
shared_names AS (
    SELECT DISTINCT name_key, apart, coalesce(province_code, '') AS province_code
    FROM _namesakes
),
in_article AS (
    -- A bare name means whom the same release names with an office.
    SELECT article_id, name_key, max(apart) AS apart
    FROM told
    WHERE name_key IN (SELECT name_key FROM shared_names) AND (branch IS NOT NULL OR province_code IS NOT NULL)
    GROUP BY article_id, name_key
    HAVING count(DISTINCT coalesce(apart, '')) = 1
)
SELECT
    t.article_id,
    t.span_start,
    t.full_name,
    t.name_key,
    CASE
        WHEN t.branch IS NOT NULL OR t.province_code IS NOT NULL THEN coalesce(t.apart, '')
        WHEN i.article_id IS NOT NULL THEN coalesce(i.apart, '')
        ELSE coalesce(e.apart, '')
    END AS apart,
    t.apart_from,
    t.office,
    t.province_code,
    t.area,
    t.one_holder,
    t.day,
    t.arrived
FROM told AS t
LEFT JOIN in_article AS i ON i.article_id = t.article_id AND i.name_key = t.name_key
-- Else a bare name means the one in whose province the release's event was.
LEFT JOIN shared_names AS e ON e.name_key = t.name_key AND e.apart = t.event_province_code AND e.province_code = e.apart
