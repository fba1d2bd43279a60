-- governor_conflicts: two governors of one province at one time, with the releases that say so: to look at, no error.
-- (A release may name a former governor, or give a wrong day, so this is no check.)
-- province_code: ISO 3166-2 code of the province
-- province: Thai name
-- person_id: of the governors seen before, the one seen longest
-- full_name: that one's usual name
-- other_person_id: the governor seen meanwhile
-- other_full_name: that one's usual name
-- conflict_from: first day of the time for which releases name both
-- conflict_to: last such day
-- releases: article_id of releases that name the first: as that time began or before, and as it ended or after
-- other_releases: article_id of such releases that name the other
WITH held AS (
    SELECT * FROM governors WHERE NOT acting
),
ordered AS (
    -- Each governor is held against the one of those before who was seen longest: not all against all.
    SELECT
        *,
        arg_max(person_id, (last_seen, person_id)) OVER before AS longest_id,
        arg_max(full_name, (last_seen, person_id)) OVER before AS longest_name,
        max(last_seen) OVER before AS longest_seen
    FROM held
    WINDOW before AS (
        PARTITION BY province_code
        ORDER BY first_seen, person_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
pairs AS (
    SELECT
        province_code,
        province,
        longest_id AS person_id,
        longest_name AS full_name,
        person_id AS other_person_id,
        full_name AS other_full_name,
        first_seen AS conflict_from,
        least(last_seen, longest_seen) AS conflict_to
    FROM ordered
    WHERE first_seen <= longest_seen
),
said AS (
    SELECT o.province_code, o.person_id, a.day, min(o.article_id) AS article_id
    FROM officials AS o
    JOIN _releases AS a ON a.article_id = o.article_id
    WHERE o.office = 'governor' AND NOT o.acting
    GROUP BY ALL
),
sides AS (
    SELECT *, unnest([person_id, other_person_id]) AS said_of
    FROM pairs
),
shown AS (
    -- Of each of the two a release when that time began, or the last before, and one when it ended, or the first after.
    SELECT s.province_code, s.person_id, s.other_person_id, s.said_of, d.article_id
    FROM sides AS s
    ASOF JOIN said AS d ON d.province_code = s.province_code AND d.person_id = s.said_of AND d.day <= s.conflict_from
    UNION
    SELECT s.province_code, s.person_id, s.other_person_id, s.said_of, d.article_id
    FROM sides AS s
    ASOF JOIN said AS d ON d.province_code = s.province_code AND d.person_id = s.said_of AND d.day >= s.conflict_to
)
SELECT
    p.*,
    list(w.article_id ORDER BY w.article_id) FILTER (w.said_of = p.person_id) AS releases,
    list(w.article_id ORDER BY w.article_id) FILTER (w.said_of = p.other_person_id) AS other_releases
FROM pairs AS p
JOIN shown AS w USING (province_code, person_id, other_person_id)
GROUP BY ALL
ORDER BY p.province_code, p.conflict_from, p.person_id, p.other_person_id
