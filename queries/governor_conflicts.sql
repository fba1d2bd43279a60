-- governor_conflicts: two governors of one province at one time, with the releases that say so: to look at, no error.
-- (A release may name a former governor, or give a wrong day, so this is no check.)
-- province_code: ISO 3166-2 code of the province
-- province: Thai name
-- person_id: the governor seen first
-- full_name: that one's usual name
-- other_person_id: the governor seen meanwhile
-- other_full_name: that one's usual name
-- conflict_from: first day of the time for which releases name both
-- conflict_to: last such day
-- releases: article_id of the releases in that time that name the first
-- other_releases: article_id of those that name the other
WITH held AS (
    SELECT * FROM governors WHERE NOT acting
),
pairs AS (
    SELECT
        a.province_code,
        a.province,
        a.person_id,
        a.full_name,
        b.person_id AS other_person_id,
        b.full_name AS other_full_name,
        b.first_seen AS conflict_from,
        least(a.last_seen, b.last_seen) AS conflict_to
    FROM held AS a
    JOIN held AS b
        ON b.province_code = a.province_code
        AND (b.first_seen, b.person_id) > (a.first_seen, a.person_id)
        AND b.first_seen <= a.last_seen
),
said AS (
    SELECT DISTINCT o.province_code, o.person_id, o.article_id, a.day
    FROM officials AS o
    JOIN _articles AS a ON a.article_id = o.article_id
    WHERE o.office = 'governor' AND NOT o.acting
)
SELECT
    p.*,
    list(DISTINCT s.article_id ORDER BY s.article_id) FILTER (s.person_id = p.person_id) AS releases,
    list(DISTINCT s.article_id ORDER BY s.article_id) FILTER (s.person_id = p.other_person_id) AS other_releases
FROM pairs AS p
JOIN said AS s
    ON s.province_code = p.province_code
    AND s.person_id IN (p.person_id, p.other_person_id)
    AND s.day BETWEEN p.conflict_from AND p.conflict_to
GROUP BY ALL
ORDER BY p.province_code, p.conflict_from, p.person_id, p.other_person_id
