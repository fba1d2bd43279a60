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
-- releases: article_id of the releases of that time, of the one before and of the one after, that name the first
-- other_releases: article_id of those that name the other
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
    SELECT DISTINCT o.province_code, o.person_id, o.article_id, a.day
    FROM officials AS o
    JOIN _releases AS a ON a.article_id = o.article_id
    WHERE o.office = 'governor' AND NOT o.acting
),
-- From the last release before that time to the first one after it: these two show that the office was not given up.
shown AS (
    SELECT
        p.province_code,
        p.person_id,
        p.other_person_id,
        s.person_id AS said_of,
        coalesce(max(s.day) FILTER (s.day <= p.conflict_from), p.conflict_from) AS from_day,
        coalesce(min(s.day) FILTER (s.day >= p.conflict_to), p.conflict_to) AS to_day
    FROM pairs AS p
    JOIN said AS s ON s.province_code = p.province_code AND s.person_id IN (p.person_id, p.other_person_id)
    GROUP BY p.province_code, p.person_id, p.other_person_id, s.person_id, p.conflict_from, p.conflict_to
)
SELECT
    p.*,
    list(DISTINCT s.article_id ORDER BY s.article_id) FILTER (s.person_id = p.person_id) AS releases,
    list(DISTINCT s.article_id ORDER BY s.article_id) FILTER (s.person_id = p.other_person_id) AS other_releases
FROM pairs AS p
JOIN shown AS w ON w.province_code = p.province_code AND w.person_id = p.person_id AND w.other_person_id = p.other_person_id
JOIN said AS s ON s.province_code = w.province_code AND s.person_id = w.said_of AND s.day BETWEEN w.from_day AND w.to_day
GROUP BY ALL
ORDER BY p.province_code, p.conflict_from, p.person_id, p.other_person_id
